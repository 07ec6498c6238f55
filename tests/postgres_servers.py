"""Real Postgres servers for the tests: the embedded one, and each version the system has installed.

A pytest plugin. Every test that asks for `postgres_dsn` or anything above it runs once a server. A
server lives as long as the session; its one database with all migrations is the template that
each module's own database is a copy of.
"""

import secrets
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.events import ProjectId
from eventanalytics.testing.contracts import NewProject
from eventanalytics_adapters.embedded import EmbeddedPostgres
from eventanalytics_adapters.embedded.account import account_for
from eventanalytics_adapters.postgres import PostgresProjectStore, open_pool
from eventanalytics_adapters.postgres.schema import migrate

SYSTEM = Path("/usr/lib/postgresql")
TEMPLATE = "migrated_template"


@dataclass
class PostgresServer:
    """A running server, by the connection string of a role that may create databases."""

    dsn: str
    _numbers: Iterator[int] = field(default_factory=count)

    def prepare(self) -> None:
        """Make the template."""
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate(make_conninfo(self.dsn, dbname=TEMPLATE))

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Generator[str]:
        """Give the connection string of a new database, a copy of *template*, and remove it."""
        name = f"test_{next(self._numbers)}"
        database = sql.Identifier(name)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(create.format(database, sql.Identifier(template)))
        try:
            yield make_conninfo(self.dsn, dbname=name)
        finally:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def embedded_server() -> Generator[str]:
    """Run the server that `eventanalytics serve` starts, just as it does."""
    with tempfile.TemporaryDirectory(prefix="ea-test-") as folder:
        base = Path(folder, "base")
        Path(folder).chmod(0o711)  # the server's account passes through to its files
        with EmbeddedPostgres(Path(folder, "data"), base=base).running() as dsn:
            yield dsn


@contextmanager
def system_server(programs: Path) -> Generator[str]:
    """Run a server of the system's, with its own settings except where it keeps its files.

    Nothing in it has to outlive the tests, so it does not wait for the disk. Its databases order
    text as dictionaries do, where the version can: the adapter must not depend on that.
    """
    with tempfile.TemporaryDirectory(prefix="ea-test-") as name:
        folder = Path(name)
        data, log = folder / "data", folder / "log"
        account = account_for(data)
        account.own(folder)

        def run(*argv: str | Path, output: int = subprocess.PIPE) -> None:
            done = account.run([programs / argv[0], "-D", data, *argv[1:]], output=output)
            assert done.returncode == 0, done.stdout or log.read_text()

        dictionary = ["--locale-provider=icu", "--icu-locale=en-US"]
        locale = dictionary if int(programs.parent.name) >= 15 else []
        run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync", *locale)
        settings = f"-k {folder} -c listen_addresses= -c fsync=off"
        # The server would keep a pipe open for as long as it lives.
        run("pg_ctl", "start", "-w", "-l", log, "-o", settings, output=subprocess.DEVNULL)
        try:
            yield f"host={folder} user=tester dbname=postgres"
        finally:
            run("pg_ctl", "stop", "-m", "immediate")


SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "embedded": embedded_server,
    **{
        f"system-{programs.parent.name}": partial(system_server, programs)
        for programs in sorted(SYSTEM.glob("*/bin"))
        if (programs / "postgres").exists() and (programs / "initdb").exists()
    },
}


@pytest.fixture(scope="session")
def _stopped_in_order() -> Iterator[None]:
    """Let a session that is told to stop take its servers down, as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session", params=SERVERS)
def postgres_server(
    request: pytest.FixtureRequest, _stopped_in_order: None
) -> Iterator[PostgresServer]:
    with SERVERS[request.param]() as dsn:
        server = PostgresServer(dsn)
        server.prepare()
        yield server


@pytest.fixture(scope="module")
def postgres_dsn(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated database that the module has for itself."""
    with postgres_server.database() as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def postgres_pool(postgres_dsn: str) -> AsyncIterator[AsyncConnectionPool]:
    """A pool over the module's database, with room for eight callers at once."""
    async with open_pool(postgres_dsn, min_size=1, max_size=8) as pool:
        yield pool


@pytest.fixture
def empty_postgres_dsn(postgres_server: PostgresServer) -> Iterator[str]:
    """A database without any tables that the test has for itself."""
    with postgres_server.database(template="template0") as dsn:
        yield dsn


@pytest.fixture(scope="module")
def new_project(postgres_pool: AsyncConnectionPool) -> NewProject:
    """Makes projects without events."""
    projects = PostgresProjectStore(postgres_pool)

    async def make() -> ProjectId:
        project = await projects.create(f"p{secrets.token_hex(8)}", "Made by a test")
        return project.id

    return make
