"""What events are made of, from memory."""

from collections.abc import Sequence

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.schema import (
    EventTypeSeen,
    EventTypesQuery,
    PropertiesQuery,
    PropertySeen,
    ValueSeen,
    ValuesQuery,
    seen_event_types,
    seen_properties,
    seen_values,
)
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemorySchema(InMemoryAnswers):
    """Names event types, properties and values."""

    async def event_types(
        self, project: ProjectId, query: EventTypesQuery
    ) -> Sequence[EventTypeSeen]:
        return seen_event_types(query, self._events(project))

    async def properties(
        self, project: ProjectId, query: PropertiesQuery
    ) -> Sequence[PropertySeen]:
        return seen_properties(query, self._events(project))

    async def property_values(self, project: ProjectId, query: ValuesQuery) -> Sequence[ValueSeen]:
        return seen_values(query, self._events(project))
