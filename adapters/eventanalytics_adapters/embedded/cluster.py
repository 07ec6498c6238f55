"""The files of a Postgres server: made whole, or not at all."""

import os
import shutil
import tempfile
from pathlib import Path

from eventanalytics_adapters.embedded.account import Account
from eventanalytics_adapters.embedded.binaries import Installation
from eventanalytics_adapters.embedded.errors import ClusterFailedError

# The role that owns the database of the same name. It is no superuser: Postgres' own,
# `postgres`, has no password and so cannot log in.
ROLE = DATABASE = "eventanalytics"

HBA = "local all all scram-sha-256\n"


def is_complete(cluster: Path) -> bool:
    """Say whether there is a cluster."""
    return (cluster / "PG_VERSION").exists()


def major_version(cluster: Path) -> int | None:
    """Return the major version of the Postgres that made the cluster, or None without one."""
    return int((cluster / "PG_VERSION").read_text()) if is_complete(cluster) else None


def create_cluster(
    cluster: Path, installation: Installation, account: Account, *, password: str, lock: int
) -> None:
    """Make a cluster with our role and database, under another name until it is complete.

    Every program it starts holds the open file *lock*. What a killed attempt has left is removed.

    Raises:
        ClusterFailedError: One of Postgres' programs failed.
    """
    for left in cluster.parent.glob(f"{cluster.name}.new-*"):
        shutil.rmtree(left)
    new = Path(tempfile.mkdtemp(prefix=f"{cluster.name}.new-", dir=cluster.parent))
    try:
        account.own(new)
        _fill(new, installation, account, password=password, lock=lock)
        new.rename(cluster)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    _sync_folder(cluster.parent)


def _fill(
    new: Path, installation: Installation, account: Account, *, password: str, lock: int
) -> None:
    def run(*argv: str | Path, stdin: str = "") -> None:
        done = account.run(argv, stdin=stdin, pass_fds=[lock])
        if done.returncode != 0:
            raise ClusterFailedError(Path(argv[0]).name, done.stdout.replace(password, "***"))

    run(
        installation.program("initdb"),
        *("-D", new, "--username=postgres", "--auth=reject"),
        *("--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions"),
    )
    # Written by the account, since root does not write into what belongs to another.
    run("/bin/sh", "-c", 'cat >"$1"', "sh", new / "pg_hba.conf", stdin=HBA)
    run(
        installation.program("postgres"),
        *("--single", "-D", new, "-c", "exit_on_error=on", "template1"),
        stdin=(
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'\n"
            f"CREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        ),
    )


def _sync_folder(folder: Path) -> None:
    """Make a rename in *folder* outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
