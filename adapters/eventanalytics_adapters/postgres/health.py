"""Tells whether Postgres can take calls."""

from psycopg_pool import AsyncConnectionPool

from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.errors import translated

WAIT_SECONDS = 2.0


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
            async with self._pool.connection(timeout=WAIT_SECONDS) as connection:
                await connection.execute(queries.CHECK_HEALTH)
