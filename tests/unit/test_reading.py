"""Semantics 1.4 to 1.6: what is read, what is refused, with which code and at which path."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Refusal, Submission
from eventanalytics.domain.reading import read_batch, read_event, read_json_event
from eventanalytics.errors import Fault, InvalidBatchError, InvalidEventError
from eventanalytics.testing.submission_strategies import (
    LIMITS,
    WRONG,
    WrongEvent,
    raw_events,
    wrong_events,
)

ID = "550e8400-e29b-41d4-a716-446655440000"
GOOD: dict[str, Any] = {
    "event_id": ID,
    "user_id": "ann",
    "event_type": "view",
    "occurred_at": "2025-08-21T12:00:00Z",
}
AT_A_LIMIT = [(field, value) for field, values in LIMITS.items() for value in values]
WRONG_VALUES = [(field, *case) for field, cases in WRONG.items() for case in cases]


def batch_of(*events: Any) -> bytes:
    return json.dumps({"events": list(events)}).encode()


def faults_of(reading: Submission | Refusal) -> list[tuple[str, str]]:
    assert isinstance(reading, Refusal)
    return [(fault.path, fault.code) for fault in reading.faults]


def batch_fault(body: bytes, **options: Any) -> tuple[str, str]:
    with pytest.raises(InvalidBatchError) as caught:
        read_batch(body, **options)
    (fault,) = caught.value.faults
    return fault.path, fault.code


@pytest.mark.parametrize(("field", "value"), AT_A_LIMIT)
def test_a_value_at_a_limit_is_taken(field: str, value: Any) -> None:
    raw = {**GOOD, field: value}
    (reading,) = read_batch(batch_of(raw))
    assert isinstance(reading, Submission)
    assert reading == read_event(raw) == read_json_event(json.dumps(raw).encode())


@pytest.mark.parametrize(("field", "value", "path", "code"), WRONG_VALUES)
def test_a_value_beyond_a_limit_is_refused_with_its_path_and_code(
    field: str, value: Any, path: str, code: str
) -> None:
    raw = {**GOOD, field: value}
    below = f"events[0].{path}" if path else "events[0]"
    assert faults_of(read_batch(batch_of(raw))[0]) == [(below, code)]
    assert faults_of(read_event(raw)) == [(path, code)]
    assert faults_of(read_json_event(json.dumps(raw).encode(), "line 3")) == [
        (f"line 3.{path}" if path else "line 3", code)
    ]


@pytest.mark.parametrize("field", GOOD)
def test_a_missing_field_is_named(field: str) -> None:
    raw = {key: value for key, value in GOOD.items() if key != field}
    assert faults_of(read_batch(batch_of(raw))[0]) == [(f"events[0].{field}", "missing_field")]


@given(st.lists(raw_events(), min_size=1, max_size=4))
def test_whatever_keeps_the_rules_is_read(raw: list[dict[str, Any]]) -> None:
    readings = read_batch(batch_of(*raw))
    assert list(readings) == [read_event(event) for event in raw]
    for event, reading in zip(raw, readings, strict=True):
        assert isinstance(reading, Submission)
        assert str(reading.event_id) == event["event_id"]
        assert str(reading.user_id) == str(event["user_id"])
        assert reading.properties == event.get("properties", {})


@given(st.lists(raw_events() | wrong_events(), min_size=1, max_size=5))
def test_a_faulty_event_harms_no_other(batch: list[dict[str, Any] | WrongEvent]) -> None:
    raw = [item.raw if isinstance(item, WrongEvent) else item for item in batch]
    for index, (item, reading) in enumerate(zip(batch, read_batch(batch_of(*raw)), strict=True)):
        if isinstance(item, WrongEvent):
            path = f"events[{index}].{item.path}" if item.path else f"events[{index}]"
            assert faults_of(reading) == [(path, item.code)]
        else:
            assert reading == read_event(item)


def test_every_fault_of_an_event_is_named_at_once() -> None:
    raw = {
        "event_id": 1,
        "user_id": "",
        "occurred_at": "x",
        "properties": {"a": "\0", "b": 2**64},
        "z": 1,
        "y": 1,
    }
    assert sorted(faults_of(read_event(raw, "e"))) == [
        ("e.event_id", "invalid_uuid"),
        ("e.event_type", "missing_field"),
        ("e.occurred_at", "invalid_datetime"),
        ("e.properties.a", "nul_character"),
        ("e.properties.b", "number_out_of_range"),
        ("e.user_id", "empty_text"),
        ("e.y", "unknown_field"),
        ("e.z", "unknown_field"),
    ]


@pytest.mark.parametrize("field", ["user_id", "event_type", "occurred_at", "properties"])
def test_a_refusal_has_the_id_where_that_was_readable(field: str) -> None:
    reading = read_event({**GOOD, field: None})
    assert isinstance(reading, Refusal)
    assert reading.event_id == UUID(ID)


def test_a_refusal_without_a_readable_id_has_none() -> None:
    unreadable: list[Any] = [{}, {**GOOD, "event_id": "x"}, []]
    for raw in unreadable:
        reading = read_event(raw)
        assert isinstance(reading, Refusal)
        assert reading.event_id is None


@pytest.mark.parametrize("raw", [None, 1, "x", [], True])
def test_an_event_must_be_an_object(raw: Any) -> None:
    assert faults_of(read_event(raw, "events[7]")) == [("events[7]", "invalid_type")]
    assert faults_of(read_batch(batch_of(GOOD, raw))[1]) == [("events[1]", "invalid_type")]
    assert faults_of(read_json_event(json.dumps(raw).encode())) == [("", "invalid_type")]


def test_any_mapping_with_python_values_can_be_read() -> None:
    at = datetime(2025, 8, 21, tzinfo=UTC)
    raw = MappingProxyType({**GOOD, "event_id": UUID(ID), "occurred_at": at})
    reading = read_event(raw)
    assert isinstance(reading, Submission)
    assert (reading.event_id, reading.occurred_at) == (UUID(ID), at)


@pytest.mark.parametrize("value", [Decimal(1), b"x", (1,), {1}, datetime(2025, 1, 1, tzinfo=UTC)])
def test_properties_hold_nothing_that_json_does_not_have(value: Any) -> None:
    raw = {**GOOD, "properties": {"a": [value]}}
    assert faults_of(read_event(raw)) == [("properties.a[0]", "invalid_type")]


def test_keys_of_properties_are_texts() -> None:
    raw = {**GOOD, "properties": {1: "x"}}
    assert faults_of(read_event(raw)) == [("properties", "invalid_type")]


def test_fields_of_an_event_are_texts() -> None:
    raw: dict[Any, Any] = {**GOOD, 1: "x"}
    assert faults_of(read_event(raw)) == [("1", "unknown_field")]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_without_a_value_is_refused(number: float) -> None:
    raw = {**GOOD, "properties": {"a": number}}
    assert faults_of(read_event(raw)) == [("properties.a", "number_out_of_range")]


@pytest.mark.parametrize("digits", ["1e999", "-1e999", "9" * 400, "9" * 401, "9" * 10_000])
def test_a_number_too_big_to_be_decoded_is_named(digits: str) -> None:
    event = json.dumps({**GOOD, "properties": {"a": 0}}).replace("0}", digits + "}")
    assert faults_of(read_json_event(event.encode())) == [("properties.a", "number_out_of_range")]


@pytest.mark.parametrize("digits", ["9" * 201, "9" * 401, "9" * 10_000, "1e999"])
def test_an_endless_user_id_is_refused(digits: str) -> None:
    event = json.dumps({**GOOD, "user_id": 0}).replace('"user_id": 0', f'"user_id": {digits}')
    ((path, code),) = faults_of(read_json_event(event.encode()))
    assert (path, code) in {("user_id", "too_long"), ("user_id", "invalid_type")}


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        (b"", "", "invalid_json"),
        (b"{", "", "invalid_json"),
        (b"\xff", "", "invalid_json"),
        (b'{"events": [NaN]}', "", "invalid_json"),
        (b'{"events": [1]} x', "", "invalid_json"),
        (b'{"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "", "too_deep"),
        (b"[]", "", "invalid_batch"),
        (b"null", "", "invalid_batch"),
        (b"{}", "events", "missing_field"),
        (b'{"events": null}', "events", "invalid_type"),
        (b'{"events": {}}', "events", "invalid_type"),
        (b'{"events": [], "b": 1, "a": 1}', "a", "unknown_field"),
        (b'{"events": []}', "events", "empty_batch"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(body: bytes, path: str, code: str) -> None:
    assert batch_fault(body) == (path, code)


def test_a_line_that_is_no_json_is_refused_alone() -> None:
    assert faults_of(read_json_event(b"{", "line 2")) == [("line 2", "invalid_json")]
    assert faults_of(read_json_event(b"[" * 100_000, "line 2")) == [("line 2", "too_deep")]
    assert faults_of(read_json_event(b"NaN")) == [("", "invalid_json")]


def test_a_batch_holds_a_thousand_events_and_no_more() -> None:
    assert len(read_batch(batch_of(*[GOOD] * 1000))) == 1000
    assert batch_fault(batch_of(*[GOOD] * 1001)) == ("events", "too_many_events")
    assert batch_fault(batch_of(*[{}] * 1001)) == ("events", "too_many_events")


def test_the_size_of_a_batch_can_be_set() -> None:
    assert len(read_batch(batch_of(GOOD, GOOD), max_events=2)) == 2
    assert batch_fault(batch_of(GOOD, GOOD), max_events=1) == ("events", "too_many_events")


def test_a_body_may_be_a_bytearray() -> None:
    assert read_batch(bytearray(batch_of(GOOD))) == read_batch(batch_of(GOOD))
    assert read_json_event(bytearray(b"{")) == read_json_event(b"{")


@pytest.mark.parametrize("number", [0, 123, -5, 2**63, 10**199])
def test_an_integer_user_id_is_its_decimal_text(number: int) -> None:
    (as_number, as_text) = read_batch(
        batch_of({**GOOD, "user_id": number}, {**GOOD, "user_id": str(number)})
    )
    assert isinstance(as_number, Submission)
    assert isinstance(as_text, Submission)
    at = datetime(2025, 8, 21, 12, tzinfo=UTC)
    assert as_number.received(at) == as_text.received(at)
    assert as_number.received(at).user_id == str(number)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2025-08-21T12:00:00", 0),
        ("2025-08-21T12:00:00Z", 0),
        ("2025-08-21T12:00:00+00:00", 0),
        ("2025-08-21T17:45:00+05:45", 0),
        ("2025-08-21T08:30:00-03:30", 0),
        ("2025-08-21T12:00:00.000001Z", 0.000001),
        ("2025-08-22T02:00:01+14:00", 1),
    ],
)
def test_a_time_without_an_offset_is_utc(written: str, seconds: float) -> None:
    (reading,) = read_batch(batch_of({**GOOD, "occurred_at": written}))
    assert isinstance(reading, Submission)
    at = datetime(2025, 8, 21, 12, tzinfo=UTC)
    event = reading.received(at)
    assert event.occurred_at == at + timedelta(seconds=seconds)
    assert event.occurred_at.tzinfo is UTC


def test_a_submission_checks_itself() -> None:
    parts = {**GOOD, "event_id": UUID(ID), "occurred_at": datetime(2025, 1, 1, tzinfo=UTC)}
    with pytest.raises(InvalidEventError) as caught:
        Submission(**{**parts, "user_id": "", "event_type": "x" * 201, "properties": {"a": "\0"}})
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("user_id", "empty_text"),
        ("event_type", "too_long"),
        ("properties.a", "nul_character"),
    ]
    assert str(caught.value).startswith("user_id: must not be empty; event_type: has 201")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(1970, 1, 1), None),  # noqa: DTZ001 - without an offset is what is tried
        (datetime(1969, 12, 31, 23, tzinfo=timezone(-timedelta(hours=1))), None),
        (datetime(1970, 1, 1, 0, 59, tzinfo=timezone(timedelta(hours=1))), "too_early"),
        (datetime(1968, 12, 31, tzinfo=UTC), "too_early"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "too_early"),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))), "in_future"),
        (datetime(9998, 12, 31, 23, tzinfo=timezone(-timedelta(hours=14))), None),
    ],
)
def test_years_that_no_calendar_has_room_for_are_refused(at: datetime, code: str | None) -> None:
    reading = read_event({**GOOD, "occurred_at": at})
    assert (
        faults_of(reading) == [("occurred_at", code)] if code else isinstance(reading, Submission)
    )


def test_a_fault_moves_below_a_parent() -> None:
    fault = Fault("a", "code", "message")
    assert fault.under("events[1]").path == "events[1].a"
    assert fault.under("").path == "a"
    assert Fault("", "code", "message").under("events[1]").path == "events[1]"
    assert msgspec.structs.replace(fault.under("x"), path="a") == fault


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("event_id", "invalid_uuid"),
        ("user_id", "invalid_unicode"),
        ("event_type", "invalid_unicode"),
        ("occurred_at", "invalid_datetime"),
        ("\ud83d", "unknown_field"),
    ],
)
def test_half_a_surrogate_pair_anywhere_in_an_event_is_named_and_harms_no_other(
    field: str, code: str
) -> None:
    good = {
        "event_id": "550e8400-e29b-41d4-a716-446655440000",
        "user_id": "ann",
        "event_type": "view",
        "occurred_at": "2025-01-13T10:30:00",
    }
    body = json.dumps({"events": [{**good, field: "\ud83d"}, good]}).encode()
    refused, kept = read_batch(body)
    assert isinstance(refused, Refusal)
    [fault] = refused.faults
    assert fault.code == code
    assert fault.path.encode().decode() == f"events[0].{field}".replace("\ud83d", "?")
    assert isinstance(kept, Submission)


def test_half_a_surrogate_pair_as_a_field_of_the_batch_is_named() -> None:
    with pytest.raises(InvalidBatchError) as refused:
        read_batch(b'{"\\ud83d": 1, "events": []}')
    assert [(f.path, f.code) for f in refused.value.faults] == [("?", "unknown_field")]
