"""As whom Postgres runs: as ourselves, or as an unprivileged account when we are root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eventanalytics_adapters.embedded.errors import NoAccountError

# When root starts it, the first of these that exists. The last one exists everywhere.
UNPRIVILEGED = ("eventanalytics", "postgres", "nobody")

# Ours may hold PGPORT, PGDATA or a foreign locale, each of which Postgres would obey.
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine, whose programs we can run."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether it is not the account that we run as, which takes root."""
        return self.uid != os.geteuid()

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        stdin: str = "",
        output: int = subprocess.PIPE,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account and wait for it; *output* takes both its streams.

        It gets a session of its own, so that Ctrl-C in our terminal does not reach it, the
        folder ``/``, for ours may be closed to it, and no open file but *pass_fds*.
        """
        other = self.is_other
        return subprocess.run(  # noqa: S603 - Postgres' programs and the shell, never a user's text
            argv,
            input=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
            umask=0o077,
            pass_fds=pass_fds,
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=os.getgrouplist(self.name, self.gid) if other else None,
        )

    def can_enter(self, folder: Path) -> bool:
        """Say whether the account may pass into *folder*, which takes all its parents too."""
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", folder]).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Say whether *program* starts as this account, with all the libraries it needs."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except PermissionError:
            return False

    def own(self, path: Path) -> None:
        """Give *path* to the account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(cluster: Path) -> Account:
    """Return the account that owns *cluster*, or is going to when it does not exist yet.

    An existing cluster keeps its owner, even if a better account has come up since.

    Raises:
        NoAccountError: We are root, and there is no other account.
    """
    if os.geteuid() != 0:
        return _account(os.geteuid(), os.getegid())
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return _account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoAccountError(UNPRIVILEGED)


def _account(uid: int, gid: int) -> Account:
    try:
        return Account(pwd.getpwuid(uid).pw_name, uid, gid)
    except KeyError:  # a container may run as any number
        return Account(f"user {uid}", uid, gid)
