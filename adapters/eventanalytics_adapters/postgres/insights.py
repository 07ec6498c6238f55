"""Answers counted by Postgres; the domain makes the rows of them, and its calendar the buckets."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery, daily_users
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.overview import Overview
from eventanalytics.domain.retention import Cohort, RetentionQuery, cohorts
from eventanalytics.domain.time import Bucket
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.errors import translated
from eventanalytics_adapters.postgres.filters import Filters


class PostgresInsights:
    """Answers from the table ``event``, each in one statement: one state of the store."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def daily_users(self, project: ProjectId, query: DailyUsersQuery) -> Sequence[DailyUsers]:
        buckets = query.buckets()
        if not buckets:  # the zone left all of these days out of its calendar
            return daily_users(query, {})
        parameters = _bucket_parameters(buckets)
        rows = await self._rows(queries.DAILY_USERS, project, query.where, parameters)
        return daily_users(query, dict(rows))

    async def top_events(
        self, project: ProjectId, query: TopEventsQuery
    ) -> Sequence[EventTypeCount]:
        within = query.calendar.range_of(query.days)
        parameters = {"since": within.since, "until": within.until, "limit": query.limit}
        rows = await self._rows(queries.TOP_EVENTS, project, query.where, parameters)
        return [EventTypeCount(*row) for row in rows]

    async def retention(
        self, project: ProjectId, query: RetentionQuery, now: datetime
    ) -> Sequence[Cohort]:
        periods = _bucket_parameters(query.periods())
        rows = await self._rows(queries.RETENTION, project, query.where, periods)
        return cohorts(query, {(cohort, column): users for cohort, column, users in rows}, now)

    async def overview(self, project: ProjectId, where: tuple[Condition, ...]) -> Overview:
        rows = await self._rows(queries.OVERVIEW, project, where, {})
        [(events, users, event_types, first_event_at, last_event_at)] = rows
        return Overview(
            events=events,
            users=users,
            event_types=event_types,
            first_event_at=first_event_at and first_event_at.astimezone(UTC),
            last_event_at=last_event_at and last_event_at.astimezone(UTC),
        )

    async def _rows(
        self,
        template: sql.SQL,
        project: ProjectId,
        where: Sequence[Condition],
        parameters: Mapping[str, object],
    ) -> list[tuple[Any, ...]]:
        filters = Filters(where)
        query = template.format(filters=filters.expression)
        with translated():
            async with self._pool.connection() as connection:
                # Not prepared: which plan is best depends on the values.
                cursor = await connection.execute(
                    query,
                    {"project_id": project, **parameters, **filters.parameters},
                    prepare=False,
                    binary=True,
                )
                return await cursor.fetchall()


def _bucket_parameters(buckets: Sequence[Bucket]) -> Mapping[str, object]:
    """Return the buckets, which follow each other without gap, as their starts and their ends.

    SQL looks an instant up among the starts: the rules of the time zone are then those of the
    domain, whatever version of them the server has, and the look-up is cheaper than local dates.
    """
    return {
        "starts": [bucket.start for bucket in buckets],
        "since": buckets[0].start,
        "until": buckets[-1].end,
    }
