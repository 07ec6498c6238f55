"""The tables, as the migrations make them.

Each migration is one file of SQL, applied and recorded in one transaction: whatever kills the run,
it is either there and known, or not there. Runs at the same time wait for each other.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlencode

import psycopg
import yoyo  # pyright: ignore[reportMissingTypeStubs] - see the protocols below
from psycopg.conninfo import conninfo_to_dict

from eventanalytics_adapters.postgres.errors import translated

_HERE = Path(__file__).resolve().parent
_PACKAGED = _HERE / "migrations"  # in an installed wheel
_CHECKOUT = _HERE.parents[2] / "migrations"

# Any number does that nothing else in the database uses for its locks.
_LOCK = b"SELECT pg_advisory_lock(7305813924471201)"


class _Migration(Protocol):
    """A migration of yoyo, which has no types of its own."""

    id: str
    use_transactions: bool

    def load(self) -> None: ...
    def process_steps(self, backend: "_Backend", direction: str) -> None: ...


class _Migrations(Protocol):
    def __iter__(self) -> Iterator[_Migration]: ...


class _Backend(Protocol):
    """What yoyo does with a connection."""

    @property
    def connection(self) -> psycopg.Connection: ...
    def to_apply(self, migrations: _Migrations) -> Iterable[_Migration]: ...
    def to_rollback(self, migrations: _Migrations) -> Iterable[_Migration]: ...
    def mark_one(self, migration: _Migration, *, log: bool) -> None: ...
    def unmark_one(self, migration: _Migration, *, log: bool) -> None: ...
    def transaction(self) -> AbstractContextManager[object]: ...
    def break_lock(self) -> None: ...


def migrations_folder() -> Path:
    """Return the folder with the migrations of this version."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def migrate(conninfo: str, *, folder: Path | None = None) -> list[str]:
    """Apply what is not applied yet, and return the ids of that, in order.

    *conninfo* is a libpq connection string or URL; its role must own the tables, or be allowed to
    create them.

    Raises:
        StoreUnavailableError: The server cannot be reached.
    """
    with translated(), _backend(conninfo) as backend:
        waiting = list(backend.to_apply(_migrations(folder)))
        for migration in waiting:
            with _transaction(backend, migration):
                migration.process_steps(backend, "apply")
                backend.mark_one(migration, log=False)
        return [migration.id for migration in waiting]


def rollback(conninfo: str, *, last: int = 1, folder: Path | None = None) -> list[str]:
    """Undo the *last* migrations, with the data in their tables; return their ids, latest first.

    Raises:
        StoreUnavailableError: The server cannot be reached.
    """
    with translated(), _backend(conninfo) as backend:
        chosen = list(backend.to_rollback(_migrations(folder)))[:last]
        for migration in chosen:
            with _transaction(backend, migration):
                migration.process_steps(backend, "rollback")
                backend.unmark_one(migration, log=False)
        return [migration.id for migration in chosen]


def pending(conninfo: str, *, folder: Path | None = None) -> list[str]:
    """Return the ids of the migrations that `migrate` would apply, in order; change nothing.

    Raises:
        StoreUnavailableError: The server cannot be reached.
    """
    with translated(), psycopg.connect(conninfo, autocommit=True) as connection:
        # yoyo makes its tables when it is asked; to read takes no right to create.
        tables = connection.execute(b"SELECT to_regclass('_yoyo_migration')").fetchone()
        applied: set[str] = set()
        if tables != (None,):
            rows = connection.execute(b"SELECT migration_id FROM _yoyo_migration")
            applied = {migration_id for (migration_id,) in rows}
    return [one.id for one in _migrations(folder) if one.id not in applied]


def _migrations(folder: Path | None) -> _Migrations:
    read = yoyo.read_migrations  # pyright: ignore[reportUnknownVariableType,reportUnknownMemberType]
    return cast("_Migrations", read(str(folder or migrations_folder())))


@contextmanager
def _backend(conninfo: str) -> Generator[_Backend]:
    """Yield yoyo's connection while nobody else changes the tables.

    The lock is the server's and dies with our connection; yoyo's own is a row, which a killed run
    leaves behind. Whoever has the first may remove the second.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_LOCK)
        connect = yoyo.get_backend  # pyright: ignore[reportUnknownVariableType,reportUnknownMemberType]
        backend = cast("_Backend", connect(_yoyo_url(conninfo)))
        with closing(backend.connection):
            backend.break_lock()
            yield backend


def _yoyo_url(conninfo: str) -> str:
    """Return *conninfo* as yoyo reads it: all of it in the query string, which it leaves alone.

    In the other parts of a URL there is no room for the folder of a socket or several hosts.
    """
    parameters = conninfo_to_dict(conninfo)
    return f"postgresql+psycopg:///?{urlencode(parameters)}"


@contextmanager
def _transaction(backend: _Backend, migration: _Migration) -> Generator[None]:
    """Make one transaction of running a migration and recording it, unless it can be in none.

    Such is CREATE INDEX CONCURRENTLY; a file that needs it says ``-- transactional: false``. yoyo's
    log of who did what from where is left empty: to know that it asks the system for an account and
    the network for a name, and a container may have neither.
    """
    migration.load()
    if migration.use_transactions:
        with backend.transaction():
            yield
    else:
        yield
