"""The quick statistics, counted by Postgres."""

from collections.abc import Sequence
from datetime import UTC

from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery, daily_users
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import EVENT_TYPE, Condition, Operator
from eventanalytics.domain.overview import Overview
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers, bucket_parameters


class PostgresQuick(PostgresAnswers):
    """Answers the quick statistics."""

    async def daily_users(self, project: ProjectId, query: DailyUsersQuery) -> Sequence[DailyUsers]:
        buckets = query.buckets()
        if not buckets:  # the zone left all of these days out of its calendar
            return daily_users(query, {})
        if not _is_of_one_type(query.where):
            parameters = bucket_parameters(buckets)
            rows = await self._rows(queries.DAILY_USERS, project, query.where, parameters)
            return daily_users(query, dict(rows))
        # Day by day, each from its piece of the index of types: small hashes stay in the caches.
        days = {"starts": [day.start for day in buckets], "ends": [day.end for day in buckets]}
        rows = await self._rows(queries.TREND_USERS_BY_BUCKET, project, query.where, days)
        return daily_users(query, {index: users for _, index, users in rows})

    async def top_events(
        self, project: ProjectId, query: TopEventsQuery
    ) -> Sequence[EventTypeCount]:
        within = query.calendar.range_of(query.days)
        parameters = {"since": within.since, "until": within.until, "limit": query.limit}
        rows = await self._rows(queries.TOP_EVENTS, project, query.where, parameters)
        return [EventTypeCount(*row) for row in rows]

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


def _is_of_one_type(where: Sequence[Condition]) -> bool:
    return [(one.property, one.op) for one in where] == [(EVENT_TYPE, Operator.EQ)]
