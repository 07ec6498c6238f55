"""Say what a project's events are made of: their types, properties and values."""

from collections.abc import Sequence

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.schema import (
    EventTypeSeen,
    EventTypesQuery,
    PropertiesQuery,
    PropertySeen,
    ValueSeen,
    ValuesQuery,
)
from eventanalytics.ports.insights.schema import SchemaInsights


class ListEventTypes:
    """List the event types of a project."""

    def __init__(self, insights: SchemaInsights) -> None:
        self._insights = insights

    async def __call__(self, project: ProjectId, query: EventTypesQuery) -> Sequence[EventTypeSeen]:
        """Return the most frequent ones first; `domain.schema` defines them."""
        return await self._insights.event_types(project, query)


class ListProperties:
    """List the properties that a project's events have."""

    def __init__(self, insights: SchemaInsights) -> None:
        self._insights = insights

    async def __call__(self, project: ProjectId, query: PropertiesQuery) -> Sequence[PropertySeen]:
        """Return the most frequent ones first; `domain.schema` defines them."""
        return await self._insights.properties(project, query)


class ListPropertyValues:
    """List the values that events have under a property."""

    def __init__(self, insights: SchemaInsights) -> None:
        self._insights = insights

    async def __call__(self, project: ProjectId, query: ValuesQuery) -> Sequence[ValueSeen]:
        """Return the most frequent ones first; `domain.schema` defines them."""
        return await self._insights.property_values(project, query)
