"""Lifecycle, counted by Postgres in one statement."""

from collections.abc import Mapping
from datetime import datetime

from psycopg import sql

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.lifecycle import (
    Lifecycle,
    LifecycleCell,
    LifecycleClass,
    LifecycleQuery,
    answer,
)
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers


class PostgresLifecycle(PostgresAnswers):
    """Answers lifecycle, and says who stands behind it."""

    async def lifecycle(
        self, project: ProjectId, query: LifecycleQuery, now: datetime
    ) -> Lifecycle:
        if not query.buckets():  # the zone left all of these days out of its calendar
            return answer(query, {}, now)
        part, parameters = _part(project, query)
        rows = await self._fetch(queries.LIFECYCLE.format(part=part), parameters)
        counts = {
            LifecycleCell(LifecycleClass(kind), bucket): users for kind, bucket, users in rows
        }
        return answer(query, counts, now)

    async def lifecycle_users(
        self,
        project: ProjectId,
        query: LifecycleQuery,
        cell: LifecycleCell,
        now: datetime,  # noqa: ARG002 - of the port; it changes nothing here
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        cell.check(query)
        part, parameters = _part(project, query)
        asked = {"lifecycle": cell.lifecycle.value, "bucket": cell.bucket}
        [(users, count)] = await self._fetch(
            queries.LIFECYCLE_USERS.format(part=part),
            {**parameters, **asked, "after": after, "limit": limit},
        )
        return UserPage(tuple(users), count)


def _part(project: ProjectId, query: LifecycleQuery) -> tuple[sql.Composable, Mapping[str, object]]:
    """Return the CTEs that say what each user is to each bucket."""
    within, buckets = query.within(), query.buckets()
    filters = Filters(query.where)
    selection = filters.selection(EventSelector(query.event))
    expression = sql.SQL("{} AND {}").format(filters.expression, selection)
    return queries.PART_LIFECYCLE.format(filters=expression), {
        "project_id": project,
        "since": within.since,
        "until": within.until,
        "starts": [query.bucket_before().start, *(bucket.start for bucket in buckets)],
        "buckets": len(buckets),
        **filters.parameters,
    }
