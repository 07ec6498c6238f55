"""What events are made of: types, properties, values, against second opinions."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import json_text
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import MISSING, resolve
from eventanalytics.domain.json_values import canonical
from eventanalytics.domain.schema import (
    EventTypesQuery,
    PropertiesQuery,
    ValuesQuery,
    seen_event_types,
    seen_properties,
    seen_values,
)
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.json_strategies import PROPERTY_NAMES
from eventanalytics.testing.oracles import spell
from eventanalytics.testing.strategies import EVENT_TYPES, worlds
from eventanalytics.testing.trends_strategies import measured_logs

logs = worlds().flatmap(measured_logs)
event_types = st.none() | st.sampled_from((*EVENT_TYPES, "nothing"))
names = st.sampled_from(("a", "b", "b", *PROPERTY_NAMES))
limits = st.integers(1, 5)

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
KINDS = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "text"}


def kind(value: Any) -> str:
    return KINDS.get(type(value)) or ("array" if isinstance(value, list) else "object")


@given(logs, limits)
def test_event_types_are_counted_one_by_one(log: list[Event], limit: int) -> None:
    seen = {event.event_type for event in log}
    expected = [
        (name, len(mine), max(mine))
        for name in seen
        if (mine := [event.occurred_at for event in log if event.event_type == name])
    ]
    expected.sort(key=lambda row: (-row[1], row[0]))
    found = seen_event_types(EventTypesQuery(limit=limit), log)
    assert [(one.name, one.count, one.last_seen) for one in found] == expected[:limit]


@given(logs, event_types, limits)
def test_properties_are_counted_one_by_one(
    log: list[Event], event_type: str | None, limit: int
) -> None:
    mine = [event for event in log if event_type in {None, event.event_type}]
    expected = []
    for name in {key for event in mine for key in event.properties}:
        having = [event for event in mine if name in event.properties]
        kinds = tuple(sorted({kind(event.properties[name]) for event in having}))
        expected.append((name, len(having), max(one.occurred_at for one in having), kinds))
    expected.sort(key=lambda row: (-row[1], row[0]))
    found = seen_properties(PropertiesQuery(event_type=event_type, limit=limit), log)
    assert [(one.name, one.count, one.last_seen, one.types) for one in found] == expected[:limit]


@given(logs, names, event_types, limits)
def test_values_are_counted_one_by_one(
    log: list[Event], name: str, event_type: str | None, limit: int
) -> None:
    rows: dict[str, tuple[Any, list[datetime]]] = {}
    for event in log:
        value: Any = resolve(event, name)
        if event_type in {None, event.event_type} and value is not MISSING and value is not None:
            value = json_text(canonical(value)) if isinstance(value, list | dict) else value
            rows.setdefault(spell(value), (value, []))[1].append(event.occurred_at)
    expected = [
        (
            value if isinstance(value, str) else json_text(canonical(value)),
            kind(value),
            len(t),
            max(t),
        )
        for value, t in rows.values()
    ]
    expected.sort(key=lambda row: (-row[2], row[0], row[1]))
    found = seen_values(ValuesQuery(property=name, event_type=event_type, limit=limit), log)
    assert [
        (
            one.value if isinstance(one.value, str) else json_text(one.value),
            one.type,
            one.count,
            one.last_seen,
        )
        for one in found
    ] == expected[:limit]


@given(logs, names, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(log: list[Event], name: str, random: Random) -> None:
    mixed = random.sample(log, len(log))
    assert seen_event_types(EventTypesQuery(), mixed) == seen_event_types(EventTypesQuery(), log)
    assert seen_properties(PropertiesQuery(), mixed) == seen_properties(PropertiesQuery(), log)
    values = ValuesQuery(property=name)
    assert repr(seen_values(values, mixed)) == repr(seen_values(values, log))


def test_the_values_of_a_reserved_name_are_the_events_own_fields() -> None:
    log = [
        Event(
            event_id=UUID(int=number),
            user_id=user,
            event_type="view",
            occurred_at=NOON,
            received_at=NOON,
            properties={"$user_id": "nobody"},
        )
        for number, user in enumerate(("ann", "bob", "bob"))
    ]
    found = seen_values(ValuesQuery(property="$user_id"), log)
    assert [(one.value, one.count) for one in found] == [("bob", 2), ("ann", 1)]


@pytest.mark.parametrize("limit", [0, 1001, -1])
@pytest.mark.parametrize(
    "query",
    [
        lambda limit: EventTypesQuery(limit=limit),
        lambda limit: PropertiesQuery(limit=limit),
        lambda limit: ValuesQuery(property="a", limit=limit),
    ],
)
def test_from_one_to_a_thousand_are_named(query: Callable[[int], object], limit: int) -> None:
    assert query(1) != query(1000)
    with pytest.raises(InvalidQueryError) as caught:
        query(limit)
    assert [(one.path, one.code) for one in caught.value.faults] == [("limit", "out_of_range")]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        (lambda: PropertiesQuery(event_type="\0"), ("event_type", "nul_character")),
        (lambda: ValuesQuery(property="a", event_type="\0"), ("event_type", "nul_character")),
        (lambda: ValuesQuery(property="\ud800"), ("property", "invalid_unicode")),
        (lambda: ValuesQuery(property=""), ("property", "empty_text")),
    ],
)
def test_what_no_event_can_have_is_refused(
    query: Callable[[], object], fault: tuple[str, str]
) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        query()
    assert [(one.path, one.code) for one in caught.value.faults] == [fault]
