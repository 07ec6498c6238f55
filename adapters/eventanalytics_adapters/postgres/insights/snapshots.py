"""Several statements that see one state of the store."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

from eventanalytics_adapters.postgres.errors import translated

_ONE_STATE = b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Snapshot:
    """One state of the store, as long as it is open."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(
        self, query: sql.Composed, parameters: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        """Return every row that *query* finds in this state."""
        # Not prepared: which plan is best depends on the values.
        cursor = await self._connection.execute(query, parameters, prepare=False, binary=True)
        return await cursor.fetchall()


@asynccontextmanager
async def snapshot(pool: AsyncConnectionPool) -> AsyncGenerator[Snapshot]:
    """Give the state of the store as the first question finds it."""
    with translated():
        async with pool.connection() as connection, connection.transaction():
            await connection.execute(_ONE_STATE)
            yield Snapshot(connection)
