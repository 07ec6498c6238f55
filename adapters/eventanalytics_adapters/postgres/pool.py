"""A pool of connections that are all configured alike, and its health."""

import select
from datetime import timedelta

from psycopg import AsyncConnection, IsolationLevel
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.errors import translated

APPLICATION_NAME = "eventanalytics"
WAIT = timedelta(seconds=10)
HEALTH_WAIT_SECONDS = 2.0

_CONFIGURE = b"""
SELECT set_config('TimeZone', 'UTC', false),
       set_config(
           'statement_timeout',
           coalesce(%(statement_timeout)s::text, current_setting('statement_timeout')),
           false
       )
"""


def open_pool(
    conninfo: str,
    *,
    min_size: int,
    max_size: int,
    statement_timeout: timedelta | None = None,
    wait: timedelta = WAIT,
) -> AsyncConnectionPool:
    """Return a pool, not open yet, of connections to *conninfo* (a libpq connection string or URL).

    The caller opens and closes it by ``async with``. It keeps from *min_size* to *max_size*
    connections. The server gives up a statement after *statement_timeout* (to the millisecond;
    without it, as the server is set), and a caller gives up after *wait* when no connection is
    free. Every connection commits each statement by itself unless a transaction is asked for, reads
    what others have committed, and has UTC as its zone.

    Raises:
        psycopg.ProgrammingError: *conninfo* is malformed.
    """
    conninfo_to_dict(conninfo)
    timeout = (
        None if statement_timeout is None else f"{statement_timeout // timedelta(milliseconds=1)}ms"
    )

    async def configure(connection: AsyncConnection) -> None:
        # PostgresEventStore.append sees in its second statement what won over its first: it must,
        # even where the server's default is a stricter level.
        await connection.set_isolation_level(IsolationLevel.READ_COMMITTED)
        await connection.execute(_CONFIGURE, {"statement_timeout": timeout})

    return AsyncConnectionPool(
        conninfo,
        # The fallback leaves a name that the connection string gives; the encoding does not
        # depend on the machine or on the locale of the database.
        kwargs={
            "autocommit": True,
            "fallback_application_name": APPLICATION_NAME,
            "client_encoding": "UTF8",
        },
        min_size=min_size,
        max_size=max_size,
        open=False,
        configure=configure,
        check=check,
        name=APPLICATION_NAME,
        timeout=wait.total_seconds(),
    )


async def check(connection: AsyncConnection) -> None:
    """Refuse a connection that the server has closed, without a round trip to a healthy one.

    An idle server has nothing to say, except why it closes the connection: only where there is
    something to read is the connection tried. So after a restart of the server callers get new
    connections, not one error for each old one.
    """
    incoming = select.poll()
    incoming.register(connection.fileno(), select.POLLIN)
    if incoming.poll(0):
        await AsyncConnectionPool.check_connection(connection)


class PostgresHealth:
    """Asks a small question of the store that the pool leads to."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def check(self) -> None:
        """Return when the store answers and has its tables.

        Raises:
            StoreUnavailableError: It does not, or no connection was free within two seconds.
        """
        with translated():
            async with self._pool.connection(timeout=HEALTH_WAIT_SECONDS) as connection:
                await connection.execute(queries.CHECK_HEALTH)
