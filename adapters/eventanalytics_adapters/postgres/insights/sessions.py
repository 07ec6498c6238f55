"""Sessions, counted by Postgres."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import sql

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import Question, UserPage
from eventanalytics.domain.sessions import (
    SessionCounts,
    SessionsCell,
    SessionsQuery,
    SessionsResult,
    sessions_result,
)
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers


class PostgresSessions(PostgresAnswers):
    """Answers what sessions there are, and whose."""

    async def sessions(
        self, project: ProjectId, query: SessionsQuery, now: datetime
    ) -> SessionsResult:
        buckets = query.buckets()
        if not buckets:  # the zone left all of these days out of its calendar
            return sessions_result(query, {}, now)
        filters = Filters(query.where)
        rows = await self._fetch(
            queries.SESSIONS.format(sessions=sessions_part(filters)),
            {
                **sessions_parameters(project, query, query.gap_seconds, filters),
                "starts": [bucket.start for bucket in buckets],
            },
        )
        return sessions_result(query, {row[0]: _counts(row[1:]) for row in rows}, now)

    async def sessions_users(
        self,
        project: ProjectId,
        query: SessionsQuery,
        cell: SessionsCell,
        now: datetime,  # noqa: ARG002 - the port's
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        cell.check(query)
        within = query.within()
        first, last = within.since, within.until
        if cell.bucket is not None:
            bucket = query.buckets()[cell.bucket]
            first, last = bucket.start, bucket.end
        filters = Filters(query.where)
        [(users, count)] = await self._fetch(
            queries.SESSIONS_USERS.format(sessions=sessions_part(filters)),
            {
                **sessions_parameters(project, query, query.gap_seconds, filters),
                "bucket_since": first,
                "bucket_until": last,
                "bounces": cell.bounces,
                "after": after,
                "limit": limit,
            },
        )
        return UserPage(tuple(users), count)


def sessions_part(filters: Filters) -> sql.Composed:
    """Return the part of a query that forms the sessions of its range."""
    return queries.PART_SESSION.format(filters=filters.expression)


def sessions_parameters(
    project: ProjectId, question: Question, gap_seconds: int, filters: Filters
) -> dict[str, object]:
    """Return the parameters of that part, those of *filters* included."""
    within = question.within()
    return {
        "project_id": project,
        "since": within.since,
        "until": within.until,
        "gap_seconds": gap_seconds,
        **filters.parameters,
    }


def _counts(row: Sequence[Any]) -> SessionCounts:
    sessions, users, bounces, events, total_microseconds, median_microseconds = row
    return SessionCounts(
        sessions=sessions,
        users=users,
        bounces=bounces,
        events=events,
        total_microseconds=int(total_microseconds),  # a whole number, as numeric
        median_microseconds=median_microseconds,
    )
