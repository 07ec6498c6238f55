"""What a project's events are made of: their types, their properties, and the values of these.

Source: docs/semantics.md, "Filters and breakdowns".
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from eventanalytics.domain.breakdowns import Group, GroupKind, group_of
from eventanalytics.domain.events import Event
from eventanalytics.domain.json_values import character_faults, scalar_type
from eventanalytics.errors import Fault, InvalidQueryError

MAX_LIMIT = 1000

_Key = TypeVar("_Key")


class EventTypeSeen(msgspec.Struct, frozen=True):
    """An event type that there are events of."""

    name: str
    count: int
    last_seen: datetime


class PropertySeen(msgspec.Struct, frozen=True):
    """A top-level key of events' properties, with the JSON types of its values, in their order.

    Types are ``array``, ``boolean``, ``null``, ``number``, ``object`` and ``text``.
    """

    name: str
    count: int
    last_seen: datetime
    types: tuple[str, ...]


class ValueSeen(msgspec.Struct, frozen=True):
    """A value of a property, as breakdowns group them: a text, number or boolean, of that type.

    An array or object is its JSON text.
    """

    value: str | float | bool | None
    type: str
    count: int
    last_seen: datetime


class EventTypesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """How many event types to name, from 1 to 1,000.

    Raises:
        InvalidQueryError: The limit is out of bounds.
    """

    limit: int = 100

    def __post_init__(self) -> None:
        _check(_limit_faults(self.limit))


class PropertiesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Of which event type (None means any) to name how many properties, from 1 to 1,000.

    Raises:
        InvalidQueryError: The limit is out of bounds, or no event can have the type.
    """

    event_type: str | None = None
    limit: int = 100

    def __post_init__(self) -> None:
        _check(_limit_faults(self.limit) + character_faults(self.event_type or "", "event_type"))


class ValuesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Of which property, of which event type (None: any), to name how many values (1..1,000).

    `property` is named as in a condition: a key, a path, ``$user_id`` or ``$event_type``.

    Raises:
        InvalidQueryError: The limit is out of bounds, or no event can have the type or property.
    """

    property: str
    event_type: str | None = None
    limit: int = 100

    def __post_init__(self) -> None:
        faults = _limit_faults(self.limit) + character_faults(self.property, "property")
        if not self.property:
            faults.append(Fault("property", "empty_text", "must not be empty"))
        _check(faults + character_faults(self.event_type or "", "event_type"))


def seen_event_types(query: EventTypesQuery, events: Iterable[Event]) -> tuple[EventTypeSeen, ...]:
    """Return the most frequent event types: most events first, ties by name (by code points)."""
    seen: dict[str, _Seen] = {}
    for event in events:
        _add(seen, event.event_type, event)
    ranked = sorted(seen, key=lambda name: (-seen[name].count, name))
    return tuple(
        EventTypeSeen(name, seen[name].count, seen[name].last_seen)
        for name in ranked[: query.limit]
    )


def seen_properties(query: PropertiesQuery, events: Iterable[Event]) -> tuple[PropertySeen, ...]:
    """Return the most frequent top-level keys: most events first, ties by name (by code points)."""
    seen: dict[str, _Seen] = {}
    types: dict[str, set[str]] = {}
    for event in _of_type(query.event_type, events):
        for name, value in event.properties.items():
            _add(seen, name, event)
            types.setdefault(name, set()).add(scalar_type(value))
    ranked = sorted(seen, key=lambda name: (-seen[name].count, name))
    return tuple(
        PropertySeen(name, seen[name].count, seen[name].last_seen, tuple(sorted(types[name])))
        for name in ranked[: query.limit]
    )


def seen_values(query: ValuesQuery, events: Iterable[Event]) -> tuple[ValueSeen, ...]:
    """Return the most frequent values of a property: most events first, ties by the value's text.

    Values of one text come in the order of their types' names. Null is no value.
    """
    seen: dict[Group, _Seen] = {}
    for event in _of_type(query.event_type, events):
        group = group_of(event, query.property)
        if group.kind is GroupKind.VALUE:
            _add(seen, group, event)
    ranked = sorted(seen, key=lambda group: group.rank(seen[group].count))
    return tuple(
        ValueSeen(group.value, scalar_type(group.value), seen[group].count, seen[group].last_seen)
        for group in ranked[: query.limit]
    )


class _Seen(msgspec.Struct, frozen=True):
    """How many events had something, and when the latest of them occurred."""

    count: int
    last_seen: datetime


def _of_type(event_type: str | None, events: Iterable[Event]) -> Iterable[Event]:
    return (event for event in events if event_type is None or event.event_type == event_type)


def _add(seen: dict[_Key, _Seen], key: _Key, event: Event) -> None:
    known = seen.get(key, _Seen(0, event.occurred_at))
    seen[key] = _Seen(known.count + 1, max(known.last_seen, event.occurred_at))


def _limit_faults(limit: int) -> list[Fault]:
    message = f"must be from 1 to {MAX_LIMIT}"
    return [] if 1 <= limit <= MAX_LIMIT else [Fault("limit", "out_of_range", message)]


def _check(faults: list[Fault]) -> None:
    if faults:
        raise InvalidQueryError(faults)
