"""Every connection of a pool is configured alike, whatever the server or the address says."""

from datetime import timedelta

import psycopg
import pytest
from psycopg import errors as pg
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from eventanalytics.errors import AlreadyExistsError, StoreUnavailableError
from eventanalytics_adapters.postgres.errors import translated
from eventanalytics_adapters.postgres.pool import open_pool

ODD_OPTIONS = (
    "-c timezone=America/New_York -c default_transaction_isolation=serializable"
    " -c statement_timeout=77s"
)


async def shown(pool: AsyncConnectionPool, setting: str) -> str:
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(b"SELECT current_setting(%s)", [setting])
        found = await cursor.fetchone()
    assert found is not None
    return str(found[0])


async def test_a_connection_has_our_settings_and_not_the_servers(postgres_dsn: str) -> None:
    odd = make_conninfo(postgres_dsn, options=ODD_OPTIONS, client_encoding="LATIN1")
    timeout = timedelta(seconds=1, milliseconds=250)
    async with open_pool(odd, min_size=1, max_size=1, statement_timeout=timeout) as pool:
        assert await shown(pool, "TimeZone") == "UTC"
        assert await shown(pool, "client_encoding") == "UTF8"
        assert await shown(pool, "transaction_isolation") == "read committed"
        assert await shown(pool, "statement_timeout") == "1250ms"
        assert await shown(pool, "application_name") == "eventanalytics"


async def test_without_a_timeout_the_servers_stays(postgres_dsn: str) -> None:
    odd = make_conninfo(postgres_dsn, options=ODD_OPTIONS, application_name="ours")
    async with open_pool(odd, min_size=1, max_size=1) as pool:
        assert await shown(pool, "statement_timeout") == "77s"
        assert await shown(pool, "application_name") == "ours"


async def test_a_statement_outside_a_transaction_is_committed_by_itself(
    postgres_pool: AsyncConnectionPool, postgres_dsn: str
) -> None:
    async with postgres_pool.connection() as connection:
        assert connection.autocommit


def test_a_malformed_address_is_refused_at_once() -> None:
    with pytest.raises(psycopg.ProgrammingError):
        open_pool("host=a nonsense", min_size=1, max_size=1)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("secret-host refused"),
        psycopg.InterfaceError("secret-host is closed"),
        pg.AdminShutdown("secret-host"),
        pg.DeadlockDetected("secret-host"),
        pg.SerializationFailure("secret-host"),
        pg.QueryCanceled("secret-host"),
        pg.DiskFull("secret-host"),
        pg.ReadOnlySqlTransaction("secret-host"),
        pg.UndefinedTable("secret-host"),
        pg.UndefinedColumn("secret-host"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_pass_is_unavailable_and_tells_no_secret(error: psycopg.Error) -> None:
    with pytest.raises(StoreUnavailableError) as caught, translated():
        raise error
    assert caught.value.__cause__ is error
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("error", [pg.SyntaxError("x"), pg.UniqueViolation("x"), ValueError("x")])
def test_a_fault_of_our_own_is_no_outage(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, translated({"some_unique": ("slug", "taken")}):
        raise error
    assert caught.value is error


def test_a_violated_name_tells_which_field_is_taken(postgres_dsn: str) -> None:
    with (
        psycopg.connect(postgres_dsn) as connection,
        pytest.raises(AlreadyExistsError) as caught,
        translated({"project_slug_unique": ("slug", "default")}),
    ):
        connection.execute("INSERT INTO project (slug, name) VALUES ('default', 'Again')")
    assert (caught.value.field, caught.value.value) == ("slug", "default")
