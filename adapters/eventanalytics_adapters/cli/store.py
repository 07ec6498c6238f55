"""The store that a command works on: the one that `serve` would serve."""

import os
import signal
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeAlias

import click
import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from eventanalytics.errors import EventAnalyticsError
from eventanalytics_adapters.container import Container, open_postgres
from eventanalytics_adapters.postgres import schema
from eventanalytics_adapters.settings import Settings, SettingsError, load_settings

Report: TypeAlias = Callable[[str], None]
"""Takes a sentence for the person who waits."""

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class NotMigratedError(EventAnalyticsError):
    """The database is not yet what this version works with."""

    code = "not_migrated"

    def __init__(self, pending: int) -> None:
        self.pending = pending
        message = f"the database lacks {pending} migration{'s' if pending > 1 else ''}"
        super().__init__(f"{message}: run eventanalytics migrate")


class Store(Protocol):
    """A store that is there and fit for use."""

    def open(self) -> AbstractAsyncContextManager[Container]:
        """Connect to it; every use case of the container may then be called."""
        ...


class FindStore(Protocol):
    """Finds the store, and holds on to it while the block lasts."""

    def __call__(
        self, settings: Settings, data_dir: Path, report: Report
    ) -> AbstractContextManager[Store]:
        """Give the store."""
        ...


class PostgresStore:
    """A Postgres database, by the settings that name it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Container]:
        container = Container(settings=self.settings)
        async with open_postgres(container):
            yield container


def is_embedded(settings: Settings) -> bool:
    """Tell whether the store is the Postgres in the data folder."""
    return settings.conninfo is None


@contextmanager
def found_database(settings: Settings, data_dir: Path, report: Report) -> Generator[Settings]:
    """Give the settings with the address of the database in them.

    The embedded Postgres is started if no other process has done so, and stopped at the end if no
    other process uses it.

    Raises:
        EmbeddedPostgresError: It does not start.
        SettingsError: DATABASE_URL is no address.
    """
    if not is_embedded(settings):
        yield msgspec.structs.replace(settings, database_url=_checked(settings.conninfo or ""))
        return
    # Those who have a server of their own need not have the wheel.
    from eventanalytics_adapters.embedded import EmbeddedPostgres  # noqa: PLC0415

    with _stop_signals_restored(), EmbeddedPostgres(data_dir, report=report).running() as dsn:
        try:
            yield msgspec.structs.replace(settings, database_url=dsn)
        finally:
            # A second Ctrl-C must not leave a Postgres behind that is half stopped.
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)


def bring_up_to_date(settings: Settings, *, allowed: bool) -> Sequence[str]:
    """Apply the migrations that the database lacks, and return their names.

    Raises:
        NotMigratedError: It lacks some, and it is not *allowed* to apply them.
        StoreUnavailableError: It cannot be reached.
    """
    conninfo = settings.conninfo or ""
    if allowed:
        return schema.migrate(conninfo)
    if pending := schema.pending(conninfo):
        raise NotMigratedError(len(pending))
    return []


@contextmanager
def find_store(settings: Settings, data_dir: Path, report: Report) -> Generator[Store]:
    """Give the store; the embedded database is migrated on the way.

    Raises:
        EmbeddedPostgresError: The embedded Postgres does not start.
        NotMigratedError: The database that the settings name has to be migrated first.
        StoreUnavailableError: It cannot be reached.
    """
    with found_database(settings, data_dir, report) as found:
        bring_up_to_date(found, allowed=is_embedded(settings))
        yield PostgresStore(found)


class Entry:
    """What every command starts from: the settings, read once, and a way to the store."""

    def __init__(
        self, settings: Settings | None = None, find_store: FindStore = find_store
    ) -> None:
        self._settings, self._find_store = settings, find_store

    @cached_property
    def settings(self) -> Settings:
        """The settings of this process.

        Raises:
            SettingsError: One of them has no meaning.
        """
        return self._settings or load_settings(os.environ)  # noqa: TID251 - the entry point

    def store(self, data_dir: Path) -> AbstractContextManager[Store]:
        """Find the store, telling the person who waits on standard error."""
        return self._find_store(self.settings, data_dir, report)


pass_entry = click.make_pass_decorator(Entry, ensure=True)


def report(sentence: str) -> None:
    """Say something beside the output of the command."""
    click.echo(sentence, err=True)


def _checked(conninfo: str) -> str:
    """Return *conninfo*; what the driver would say of a malformed one repeats parts of it."""
    try:
        conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        message = "must be a URL such as postgresql://user:password@host:5432/database"
        raise SettingsError.of("DATABASE_URL", "invalid_setting", message) from None
    return conninfo


@contextmanager
def _stop_signals_restored() -> Generator[None]:
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
