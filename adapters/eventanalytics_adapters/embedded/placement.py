"""Where things go that another account must get at, when root starts Postgres.

Nobody's permissions are loosened for it. A cluster whose data folder is closed to the
account is kept under a base folder of root's, open to be passed through, and linked to; a
Postgres that the account cannot run is copied there once.
"""

import secrets
import shutil
from pathlib import Path

from eventanalytics_adapters.embedded.account import Account
from eventanalytics_adapters.embedded.binaries import Installation
from eventanalytics_adapters.embedded.cluster import is_complete
from eventanalytics_adapters.embedded.errors import LostClusterError, UnreachableClusterError
from eventanalytics_adapters.embedded.layout import Layout, own_folder
from eventanalytics_adapters.embedded.waiting import Report

BASE = Path("/var/lib/eventanalytics")


def place_cluster(layout: Layout, account: Account, base: Path, report: Report) -> Path:
    """Return the folder where the cluster is, or is to be made.

    Raises:
        LostClusterError: It was elsewhere, and is there no longer.
        UnreachableClusterError: It is there, and no longer reachable for its account.
    """
    if is_complete(layout.cluster):
        cluster = layout.cluster.resolve()
        if not account.can_enter(cluster.parent):
            raise UnreachableClusterError(cluster, account.name)
        return cluster
    if layout.cluster.is_symlink():
        raise LostClusterError(layout.cluster, layout.cluster.resolve())
    if not layout.coming_link.is_symlink():
        if account.can_enter(layout.data_dir):
            return layout.cluster
        clusters = own_folder(own_folder(base, mode=0o755) / "clusters", mode=0o711)
        layout.coming_link.symlink_to(clusters / secrets.token_hex(8))
        report(
            f"Postgres runs as {account.name}, who may not enter {layout.data_dir}: "
            f"its files are kept in {layout.coming_link.resolve()}"
        )
    return layout.coming_link.resolve()


def settle_cluster(layout: Layout) -> None:
    """Make the link to a cluster elsewhere, now complete, the one that counts."""
    if layout.coming_link.is_symlink():
        layout.coming_link.rename(layout.cluster)


def place_installation(installation: Installation, account: Account, base: Path) -> Installation:
    """Return a Postgres that the account can run: the given one, or a copy of it."""
    if not account.is_other or account.can_run(installation.program("initdb")):
        return installation
    copy = own_folder(base, mode=0o755) / f"postgres-{installation.version}"
    if not copy.exists():
        new = base / f"{copy.name}.{secrets.token_hex(4)}.new"
        try:
            _copy_wheel(installation, new)
            new.rename(copy)
        except OSError:
            if not copy.exists():  # another process may have been faster
                raise
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return Installation(
        copy / _package(installation).name / installation.root.name, installation.version
    )


def _copy_wheel(installation: Installation, target: Path) -> None:
    """Copy what the programs need, at the same places relative to each other, for all to read.

    The wheel keeps the shared libraries in a folder beside its package (Linux) or within (macOS).
    """
    package = _package(installation)
    libraries = f"{package.name}.libs"
    for source, name in (
        (installation.root, f"{package.name}/{installation.root.name}"),
        (package / ".dylibs", f"{package.name}/.dylibs"),
        (package.with_name(libraries), libraries),
    ):
        if source.exists():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in (target, *target.rglob("*")):
        program = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if program else 0o644)


def _package(installation: Installation) -> Path:
    return installation.root.parent
