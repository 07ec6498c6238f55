"""Stickiness, counted by Postgres in one statement."""

from collections.abc import Mapping
from datetime import datetime

from psycopg import sql

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics.domain.stickiness import (
    Stickiness,
    StickinessCell,
    StickinessCount,
    StickinessQuery,
    answer,
)
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers


class PostgresStickiness(PostgresAnswers):
    """Answers stickiness, and says who stands behind it."""

    async def stickiness(
        self,
        project: ProjectId,
        query: StickinessQuery,
        now: datetime,  # noqa: ARG002 - of the port; it changes nothing here
    ) -> Stickiness:
        if not query.buckets():  # the zone left all of these days out of its calendar
            return answer(query, {})
        part, parameters = _part(project, query)
        rows = await self._fetch(queries.STICKINESS.format(part=part), parameters)
        return answer(query, dict(rows))

    async def stickiness_users(
        self,
        project: ProjectId,
        query: StickinessQuery,
        cell: StickinessCell,
        now: datetime,  # noqa: ARG002 - of the port; it changes nothing here
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        cell.check(query)
        part, parameters = _part(project, query)
        exact = cell.count is StickinessCount.EXACTLY
        asked = {"least": cell.buckets, "most": cell.buckets if exact else len(query.buckets())}
        [(users, count)] = await self._fetch(
            queries.STICKINESS_USERS.format(part=part),
            {**parameters, **asked, "after": after, "limit": limit},
        )
        return UserPage(tuple(users), count)


def _part(
    project: ProjectId, query: StickinessQuery
) -> tuple[sql.Composable, Mapping[str, object]]:
    """Return the CTEs that say in how many buckets each user was active."""
    within = query.within()
    filters = Filters(query.where)
    selection = filters.selection(EventSelector(query.event))
    expression = sql.SQL("{} AND {}").format(filters.expression, selection)
    return queries.PART_STICKINESS.format(filters=expression), {
        "project_id": project,
        "since": within.since,
        "until": within.until,
        "starts": [bucket.start for bucket in query.buckets()],
        **filters.parameters,
    }
