"""Retention, counted by Postgres in one statement."""

from collections.abc import Mapping
from datetime import datetime

from psycopg import sql

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.retention import Retention, answer
from eventanalytics.domain.retention_query import (
    RetentionCell,
    RetentionKind,
    RetentionMode,
    RetentionQuery,
)
from eventanalytics.domain.selection import UserPage
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers

_SIZE = -1


class PostgresRetention(PostgresAnswers):
    """Answers retention, and says who stands behind it."""

    async def retention(
        self, project: ProjectId, query: RetentionQuery, now: datetime
    ) -> Retention:
        if not query.buckets():  # the zone left all of these days out of its calendar
            return answer(query, {}, {}, now)
        on = query.mode is RetentionMode.ON
        part, parameters = _part(project, query)
        statement = queries.RETENTION_ON if on else queries.RETENTION_ON_OR_AFTER
        rows = await self._fetch(statement.format(part=part), parameters)
        found = {(cohort, column): users for cohort, column, users in rows}
        sizes = {cohort: users for (cohort, column), users in found.items() if column == _SIZE}
        counts = {cell: users for cell, users in found.items() if cell[1] != _SIZE}
        return answer(query, sizes, counts if on else _summed(query, counts), now)

    async def retention_users(
        self,
        project: ProjectId,
        query: RetentionQuery,
        cell: RetentionCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        cell.check(query, now)
        part, parameters = _part(project, query)
        last = cell.column if query.mode is RetentionMode.ON else query.periods
        cell_parameters = {
            "cohort": cell.cohort,
            "first_column": cell.column,
            "last_column": None if cell.column is None else last,
            "after": after,
            "limit": limit,
        }
        statement = queries.RETENTION_USERS.format(part=part)
        [(users, count)] = await self._fetch(statement, {**parameters, **cell_parameters})
        return UserPage(tuple(users), count)


def _part(project: ProjectId, query: RetentionQuery) -> tuple[sql.Composable, Mapping[str, object]]:
    """Return the CTEs that say who belongs to which cohort and returns when."""
    within, buckets = query.within(), query.buckets()
    filters = Filters(query.where)
    both = sql.SQL("{} AND {}")
    start = both.format(filters.expression, filters.selection(query.start))
    if query.returns_with_start():
        part = queries.PART_RETENTION_SAME.format(start=start)
    else:
        returning = both.format(filters.expression, filters.selection(query.returning))
        part = queries.PART_RETENTION_OTHER.format(start=start, returning=returning)
    return part, {
        "project_id": project,
        "since": within.since,
        "until": within.until,
        "end_at": buckets[-1].end,
        "starts": [bucket.start for bucket in buckets],
        "is_recurring": query.kind is RetentionKind.RECURRING,
        "is_first_ever": query.kind is RetentionKind.FIRST_EVER,
        "periods": query.periods,
        **filters.parameters,
    }


def _summed(
    query: RetentionQuery, last_returns: Mapping[tuple[int, int], int]
) -> Mapping[tuple[int, int], int]:
    """Return who returns in a column or later, given who returns last in each."""
    counts: dict[tuple[int, int], int] = {}
    for cohort in {cohort for cohort, _ in last_returns}:
        total = 0
        for column in range(query.periods, -1, -1):
            total += last_returns.get((cohort, column), 0)
            counts[cohort, column] = total
    return counts
