"""Funnels, counted by Postgres."""

from datetime import datetime

from eventanalytics.domain.breakdowns import ALL, OTHER, Group, group_of_value
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.funnel import Funnel, funnel
from eventanalytics.domain.funnel_query import FunnelCell, FunnelQuery
from eventanalytics.domain.funnel_tallies import StepTally
from eventanalytics.domain.selection import UserPage
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers
from eventanalytics_adapters.postgres.insights.funnel_sql import FunnelSQL, is_countable
from eventanalytics_adapters.postgres.insights.funnel_stream import (
    FunnelStream,
    count_stream,
    users_of_stream,
)


class PostgresFunnel(PostgresAnswers):
    """Answers funnels.

    All are counted in SQL but those whose steps, in any order, are no plain and different event
    types, or have exclusions: for these the events that matter are read user by user.
    """

    async def funnel(self, project: ProjectId, query: FunnelQuery, now: datetime) -> Funnel:
        statements = FunnelSQL(query, project, now)
        if not is_countable(query):
            return await count_stream(query, FunnelStream(self._pool, statements), now)
        rows = await self._fetch(statements.count(), statements.parameters)
        tallies: dict[Group, list[StepTally]] = {}
        for place, value, _step, users, total, median, _open in rows:
            group = _group_at(place, value, query)
            tallies.setdefault(group, []).append(StepTally(users, int(total or 0), median or 0.0))
        return funnel(query, tallies, open_attempts=rows[0][-1] if rows else 0)

    async def funnel_users(
        self,
        project: ProjectId,
        query: FunnelQuery,
        cell: FunnelCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        cell.check(query)
        statements = FunnelSQL(query, project, now)
        if not is_countable(query):
            stream = FunnelStream(self._pool, statements)
            users = await users_of_stream(query, cell, stream, now)
            return UserPage.of(users, after=after, limit=limit)
        statement = statements.users(cell)
        page = {**statements.parameters, "after": after, "page": limit}
        [(count, found)] = await self._fetch(statement, page)
        return UserPage(tuple(found), count)


def _group_at(place: int, value: object, query: FunnelQuery) -> Group:
    if place == 0 or query.breakdown is None:
        return ALL
    return OTHER if place > query.breakdown.limit else group_of_value(value)  # type: ignore[arg-type]
