"""Hypothesis strategies of events as clients send them: right ones at every limit, and wrong ones.

All of them are JSON values, as `eventanalytics.domain.reading.read_event` takes them, and can be
written with `json.dumps`.
"""

from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.json_values import Properties
from eventanalytics.testing.json_strategies import raw_properties
from eventanalytics.testing.strategies import EVENT_TYPES, USER_IDS, event_ids

_SMILE: Final = "\N{GRINNING FACE}"  # four bytes, one character
_HALF_A_SMILE: Final = "\ud83d"


def _nested(levels: int) -> Properties:
    value: Any = 1
    for level in range(levels - 1):
        value = [value] if level % 2 else {"a": value}
    return {"a": value}


LIMITS: Final[dict[str, tuple[Any, ...]]] = {
    "user_id": ("x", "x" * 200, _SMILE * 200, 0, -1, 2**63, 10**199, " ", "\x01"),
    "event_type": ("x", "x" * 200, _SMILE * 200, "\N{BYTE ORDER MARK}", "\n"),
    "occurred_at": (
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00",
        "1969-12-31T19:00:00-05:00",
        "2025-08-21T12:00:00.123456+05:45",
        "2025-08-21T12:00:00.5Z",
        "9998-12-31T23:59:59.999999Z",
    ),
    "properties": (
        {},
        {"": ""},
        {"a": 2**64 - 1, "b": -(2**63), "c": 1.7976931348623157e308, "d": 5e-324},
        {f"key {i}": i for i in range(255)},
        {"a": {f"key {i}": i for i in range(255)}},
        _nested(8),
        {"a": "x" * (32 * 1024 - len('{"a":""}'))},
        {"a": _SMILE * ((32 * 1024 - len('{"a":""}')) // 4)},
    ),
}
"""For each field the values that only just keep the rules."""

_WRONG_TEXTS: Final[tuple[tuple[Any, str], ...]] = (
    ("", "empty_text"),
    ("x" * 201, "too_long"),
    (_SMILE * 201, "too_long"),
    ("a\0", "nul_character"),
    (_HALF_A_SMILE, "invalid_unicode"),
    (None, "invalid_type"),
    (True, "invalid_type"),
    (1.5, "invalid_type"),
    ([], "invalid_type"),
    ({}, "invalid_type"),
)

_WRONG_PROPERTIES: Final[tuple[tuple[Any, str, str], ...]] = (
    (None, "", "invalid_type"),
    ([], "", "invalid_type"),
    ("{}", "", "invalid_type"),
    ({f"key {i}": i for i in range(256)}, "", "too_many_keys"),
    ({"a": {f"key {i}": i for i in range(256)}}, ".a", "too_many_keys"),
    (_nested(9), ".a[0].a[0].a[0].a[0]", "too_deep"),
    ({"a": [[[[[[[[1]]]]]]]]}, ".a[0][0][0][0][0][0][0]", "too_deep"),
    ({"a": "x" * (32 * 1024 - len('{"a":""}') + 1)}, "", "too_large"),
    ({"a": ["x" * 20_000, "x" * 20_000]}, "", "too_large"),
    ({"a": "\0"}, ".a", "nul_character"),
    ({"a": [0, {"b": "x\0"}]}, ".a[1].b", "nul_character"),
    ({"a\0": 1}, "", "nul_character"),
    ({"a": 2**64}, ".a", "number_out_of_range"),
    ({"a": [-(2**63) - 1]}, ".a[0]", "number_out_of_range"),
    ({"a": 10**400}, ".a", "number_out_of_range"),
    ({"a": {"b": _HALF_A_SMILE}}, ".a.b", "invalid_unicode"),
)

_NO_UUIDS: Final[tuple[Any, ...]] = (
    *(7, None, "", "x", "550e8400", "550e8400-e29b-41d4-a716-44665544000g", [], {}),
)
_NO_TIMES: Final[tuple[Any, ...]] = (
    *(None, 7, "", "now", "2025-02-30T00:00:00Z", "2025-08-21", [], {}, True),
)

WRONG: Final[dict[str, tuple[tuple[Any, str, str], ...]]] = {
    "event_id": tuple((value, "event_id", "invalid_uuid") for value in _NO_UUIDS),
    "user_id": (
        *((value, "user_id", code) for value, code in _WRONG_TEXTS),
        (10**200, "user_id", "too_long"),
    ),
    "event_type": (
        *((value, "event_type", code) for value, code in _WRONG_TEXTS),
        (7, "event_type", "invalid_type"),
    ),
    "occurred_at": (
        *((value, "occurred_at", "invalid_datetime") for value in _NO_TIMES),
        ("1969-12-31T23:59:59.999999Z", "occurred_at", "too_early"),
        ("1970-01-01T00:00:00+00:01", "occurred_at", "too_early"),
        ("0001-01-01T00:00:00+14:00", "occurred_at", "too_early"),
        ("9999-01-01T00:00:00Z", "occurred_at", "in_future"),
        ("9999-12-31T23:59:59.999999-14:00", "occurred_at", "in_future"),
    ),
    "properties": tuple((value, f"properties{at}", code) for value, at, code in _WRONG_PROPERTIES),
    "received_at": (("2025-08-21T12:00:00Z", "received_at", "unknown_field"),),
    "": ((1, "", "unknown_field"),),
}
"""For each field the values that break a rule, each with the path and the code of its fault."""

_REQUIRED: Final = ("event_id", "user_id", "event_type", "occurred_at")


class WrongEvent(msgspec.Struct, frozen=True):
    """An event with a single fault, the path to it below the event, and its code."""

    raw: dict[str, Any]
    path: str
    code: str


@st.composite
def raw_events(draw: st.DrawFn) -> dict[str, Any]:
    """Draw events that keep every rule, most fields ordinary, some at a limit."""
    ordinary: dict[str, st.SearchStrategy[Any]] = {
        "user_id": st.sampled_from((*USER_IDS, 1, 2)),
        "event_type": st.sampled_from(EVENT_TYPES),
        "occurred_at": st.sampled_from(("2025-08-21T12:00:00Z", "2025-08-21T14:00:00+02:00")),
        "properties": raw_properties,
    }
    raw = {
        field: draw(values | st.sampled_from(LIMITS[field])) for field, values in ordinary.items()
    }
    raw["event_id"] = str(draw(event_ids))
    if draw(st.booleans()):
        del raw["properties"]
    return raw


@st.composite
def wrong_events(draw: st.DrawFn) -> WrongEvent:
    """Draw events with one fault: a field is missing or unknown, or its value breaks a rule."""
    raw = draw(raw_events())
    if draw(st.integers(0, 9)) == 0:
        field = draw(st.sampled_from(_REQUIRED))
        del raw[field]
        return WrongEvent(raw, field, "missing_field")
    field = draw(st.sampled_from(sorted(WRONG)))
    value, path, code = draw(st.sampled_from(WRONG[field]))
    return WrongEvent({**raw, field: value}, path, code)
