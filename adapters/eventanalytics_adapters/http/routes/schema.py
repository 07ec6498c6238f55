"""Discovery: what a project's events are made of."""

from collections.abc import Sequence
from typing import Final

import msgspec
from litestar import get
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.schema import (
    MAX_LIMIT,
    EventTypeSeen,
    EventTypesQuery,
    PropertiesQuery,
    PropertySeen,
    ValueSeen,
    ValuesQuery,
)
from eventanalytics.usecases.describe_schema import (
    ListEventTypes,
    ListProperties,
    ListPropertyValues,
)
from eventanalytics_adapters.http import parsing, queries
from eventanalytics_adapters.http.operation import Answer, Operation
from eventanalytics_adapters.http.parameters import REQUIRED, Asked, Parameter, Parameters, once
from eventanalytics_adapters.http.wire.examples import EXAMPLES

PROPERTY: Final = Parameter[str](
    name="property",
    read=once(parsing.text),
    schema={"type": "string", "minLength": 1},
    description=(
        "The property whose values are wanted: a key, a path `a.b`, `$user_id` or `$event_type`."
    ),
    example="country",
    default=REQUIRED,
)
LIMIT: Final = Parameter[int](
    name="limit",
    read=once(parsing.integer),
    schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 100},
    description="How many entries at most.",
    example=20,
    default=100,
)


class EventTypesOut(msgspec.Struct):
    """The event types, the most frequent first; ties by name."""

    data: Sequence[EventTypeSeen]


class PropertiesOut(msgspec.Struct):
    """The top-level properties of events, the most frequent first; ties by name."""

    event_type: str | None
    data: Sequence[PropertySeen]


class ValuesOut(msgspec.Struct):
    """The values of a property, the most frequent first; ties by the value's text."""

    property: str
    event_type: str | None
    data: Sequence[ValueSeen]


EVENT_TYPES = Operation(
    access=Permission.READ,
    name="listEventTypes",
    tag="Discovery",
    summary="Which event types there are",
    description="Each event type with how many events it has and when the latest occurred.",
    parameters=Parameters(queries.PROJECT, LIMIT),
    answers={
        200: Answer(
            "The most frequent first.", EventTypesOut, EXAMPLES["schema/event-types"].answer
        )
    },
)
PROPERTIES = Operation(
    access=Permission.READ,
    name="listProperties",
    tag="Discovery",
    summary="Which properties events have",
    description=(
        "Each top-level key of the properties of events (of one type, or of all), with the JSON "
        "types of its values, how many events have it and when the latest occurred."
    ),
    parameters=Parameters(queries.PROJECT, queries.EVENT_TYPE, LIMIT),
    answers={
        200: Answer("The most frequent first.", PropertiesOut, EXAMPLES["schema/properties"].answer)
    },
)
VALUES = Operation(
    access=Permission.READ,
    name="listPropertyValues",
    tag="Discovery",
    summary="Which values a property has",
    description=(
        "Each value with its JSON type, how many events have it and when the latest occurred. "
        "An array or object is its JSON text; null is no value."
    ),
    parameters=Parameters(queries.PROJECT, PROPERTY, queries.EVENT_TYPE, LIMIT),
    answers={200: Answer("The most frequent first.", ValuesOut, EXAMPLES["schema/values"].answer)},
)


@get("/api/v1/schema/event-types", opt={"operation": EVENT_TYPES})
async def event_types(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    list_event_types: NamedDependency[ListEventTypes],
) -> EventTypesOut:
    """List the event types."""
    query = EventTypesQuery(limit=asked[LIMIT])
    return EventTypesOut(await list_event_types(project, query))


@get("/api/v1/schema/properties", opt={"operation": PROPERTIES})
async def properties(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    list_properties: NamedDependency[ListProperties],
) -> PropertiesOut:
    """List the properties."""
    query = PropertiesQuery(event_type=asked[queries.EVENT_TYPE], limit=asked[LIMIT])
    return PropertiesOut(query.event_type, await list_properties(project, query))


@get("/api/v1/schema/values", opt={"operation": VALUES})
async def values(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    list_property_values: NamedDependency[ListPropertyValues],
) -> ValuesOut:
    """List the values of a property."""
    query = ValuesQuery(
        property=asked[PROPERTY], event_type=asked[queries.EVENT_TYPE], limit=asked[LIMIT]
    )
    found = await list_property_values(project, query)
    return ValuesOut(query.property, query.event_type, found)


ROUTES = (event_types, properties, values)
