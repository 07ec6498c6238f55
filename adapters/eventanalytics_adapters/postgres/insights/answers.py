"""What every answer counted by Postgres begins with."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.time import Bucket
from eventanalytics_adapters.postgres.errors import translated
from eventanalytics_adapters.postgres.filters import Filters


class PostgresAnswers:
    """Answers from the table ``event``, each in one statement: one state of the store."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def _rows(
        self,
        template: sql.SQL,
        project: ProjectId,
        where: Sequence[Condition],
        parameters: Mapping[str, object],
    ) -> list[tuple[Any, ...]]:
        filters = Filters(where)
        query = template.format(filters=filters.expression)
        return await self._fetch(query, {"project_id": project, **parameters, **filters.parameters})

    async def _fetch(
        self, query: sql.Composed, parameters: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        with translated():
            async with self._pool.connection() as connection:
                # Not prepared: which plan is best depends on the values.
                cursor = await connection.execute(query, parameters, prepare=False, binary=True)
                return await cursor.fetchall()


def bucket_parameters(buckets: Sequence[Bucket]) -> Mapping[str, object]:
    """Return the buckets, which follow each other without gap, as their starts and their ends.

    SQL looks an instant up among the starts: the rules of the time zone are then those of the
    domain, whatever version of them the server has, and the look-up is cheaper than local dates.
    """
    return {
        "starts": [bucket.start for bucket in buckets],
        "since": buckets[0].start,
        "until": buckets[-1].end,
    }
