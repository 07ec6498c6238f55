"""What events are made of, behind `Insights`."""

from collections.abc import Sequence
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.schema import (
    EventTypeSeen,
    EventTypesQuery,
    PropertiesQuery,
    PropertySeen,
    ValueSeen,
    ValuesQuery,
)


class SchemaInsights(Protocol):
    """Names event types, properties and values."""

    async def event_types(
        self, project: ProjectId, query: EventTypesQuery
    ) -> Sequence[EventTypeSeen]:
        """Answer as `domain.schema.seen_event_types` does."""
        ...

    async def properties(
        self, project: ProjectId, query: PropertiesQuery
    ) -> Sequence[PropertySeen]:
        """Answer as `domain.schema.seen_properties` does."""
        ...

    async def property_values(self, project: ProjectId, query: ValuesQuery) -> Sequence[ValueSeen]:
        """Answer as `domain.schema.seen_values` does."""
        ...
