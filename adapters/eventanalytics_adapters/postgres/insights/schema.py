"""What events are made of, counted by Postgres."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from psycopg import sql

from eventanalytics.domain.breakdowns import group_of_value
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.json_values import scalar_type
from eventanalytics.domain.schema import (
    EventTypeSeen,
    EventTypesQuery,
    PropertiesQuery,
    PropertySeen,
    ValueSeen,
    ValuesQuery,
)
from eventanalytics.domain.selection import EventSelector
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers
from eventanalytics_adapters.postgres.insights.snapshots import snapshot

_TYPES: Mapping[str, str] = {"string": "text"}  # the other names are those of the domain


class PostgresSchema(PostgresAnswers):
    """Names event types, properties and values."""

    async def event_types(
        self, project: ProjectId, query: EventTypesQuery
    ) -> Sequence[EventTypeSeen]:
        rows = await self._seen(queries.SCHEMA_EVENT_TYPES, project, None, query.limit)
        return [EventTypeSeen(name, count, last.astimezone(UTC)) for name, count, last in rows]

    async def properties(
        self, project: ProjectId, query: PropertiesQuery
    ) -> Sequence[PropertySeen]:
        rows = await self._seen(queries.SCHEMA_PROPERTIES, project, query.event_type, query.limit)
        return [
            PropertySeen(name, count, last.astimezone(UTC), _names(types))
            for name, count, last, types in rows
        ]

    async def property_values(self, project: ProjectId, query: ValuesQuery) -> Sequence[ValueSeen]:
        rows = await self._seen(
            queries.SCHEMA_VALUES, project, query.event_type, query.limit, query.property
        )
        groups = ((group_of_value(value).value, count, last) for value, count, last in rows)
        return [
            ValueSeen(value, scalar_type(value), count, last.astimezone(UTC))
            for value, count, last in groups
        ]

    async def _seen(
        self,
        template: sql.SQL,
        project: ProjectId,
        event_type: str | None,
        limit: int,
        name: str | None = None,
    ) -> list[tuple[Any, ...]]:
        filters = Filters()
        selection = filters.selection(EventSelector(event_type))
        slots = {"filters": selection}
        if name is not None:
            slots["group"] = filters.group(name)
        async with snapshot(self._pool) as state:
            return await state.rows(
                template.format(**slots),
                {"project_id": project, "limit": limit, **filters.parameters},
            )


def _names(types: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_TYPES.get(kind, kind) for kind in types))
