"""Semantics 1.1 to 1.5: an event's content, its order and its times."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event, Receipt, Refusal, Submission, Verdict, as_utc
from eventanalytics.errors import Fault, InvalidEventError
from eventanalytics.testing.oracles import spell
from eventanalytics.testing.strategies import events, worlds

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
EVENT = Event(
    event_id=UUID(int=1),
    user_id="ann",
    event_type="view",
    occurred_at=NOON,
    received_at=NOON,
    properties={"a": 1},
)
pairs = worlds().flatmap(lambda world: st.tuples(events(world), events(world)))


@given(pairs)
def test_content_is_the_user_the_type_the_time_and_the_properties(
    pair: tuple[Event, Event],
) -> None:
    one, other = (
        (event.user_id, event.event_type, event.occurred_at, spell(event.properties))
        for event in pair
    )
    assert pair[0].has_content_of(pair[1]) == (one == other)


def test_the_id_and_the_time_of_receipt_are_no_content() -> None:
    other = msgspec.structs.replace(
        EVENT, event_id=UUID(int=2), received_at=NOON + timedelta(days=1)
    )
    assert EVENT.has_content_of(other)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "Ann"},
        {"event_type": "View"},
        {"occurred_at": NOON + timedelta(microseconds=1)},
        {"properties": {"a": True}},
        {"properties": {}},
    ],
    ids=str,
)
def test_each_part_of_the_content_counts(change: dict[str, object]) -> None:
    assert not EVENT.has_content_of(msgspec.structs.replace(EVENT, **change))


def test_events_are_ordered_by_occurrence_then_receipt_then_id() -> None:
    later = timedelta(microseconds=1)
    replace = msgspec.structs.replace
    ordered = [
        EVENT,
        replace(EVENT, event_id=UUID(int=2)),
        replace(EVENT, received_at=NOON + later, event_id=UUID(int=0)),
        replace(EVENT, occurred_at=NOON + later, received_at=NOON - later, event_id=UUID(int=0)),
    ]
    mixed = [ordered[index] for index in (2, 3, 1, 0)]
    assert sorted(mixed, key=lambda event: event.order) == ordered


@pytest.mark.parametrize("field", ["occurred_at", "received_at"])
@pytest.mark.parametrize(
    "at",
    [
        datetime(2025, 1, 1),  # noqa: DTZ001 - naive on purpose
        datetime(2025, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(2025, 1, 1, tzinfo=ZoneInfo("Europe/Kyiv")),
    ],
)
def test_the_times_of_an_event_are_in_utc(field: str, at: datetime) -> None:
    with pytest.raises(InvalidEventError) as caught:
        msgspec.structs.replace(EVENT, **{field: at})
    assert [fault.code for fault in caught.value.faults] == ["not_utc"]


offsets = st.integers(-24 * 60 + 1, 24 * 60 - 1).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.none() | offsets)  # noqa: DTZ001
def test_any_time_in_utc_is_the_same_instant(shown: datetime, offset: timezone | None) -> None:
    found = as_utc(shown.replace(tzinfo=offset))
    assert found.tzinfo is UTC
    ahead = timedelta(0) if offset is None else offset.utcoffset(None)
    assert found.replace(tzinfo=None) == shown - ahead


def test_a_received_submission_has_everything_in_its_stored_form() -> None:
    submission = Submission(
        event_id=UUID(int=1),
        user_id=123,
        event_type="view",
        occurred_at=datetime(2025, 8, 21, 14, tzinfo=timezone(timedelta(hours=2))),
        properties={"a": 2.0**60, "b": [2.0**60]},
    )
    event = submission.received(NOON)
    assert event.user_id == "123"
    assert event.occurred_at.isoformat() == "2025-08-21T12:00:00+00:00"
    assert event.received_at == NOON
    assert repr(event.properties) == repr({"a": 2**60, "b": [2**60]})


def test_properties_are_empty_when_left_out() -> None:
    parts = {"event_id": UUID(int=1), "user_id": "u", "event_type": "t", "occurred_at": NOON}
    assert Submission(**parts).properties == {}  # type: ignore[arg-type]
    assert Event(**parts, received_at=NOON).properties == {}  # type: ignore[arg-type]


def test_a_receipt_counts_each_outcome() -> None:
    one = UUID(int=1)
    receipt = Receipt(
        (
            (one, Verdict.CREATED),
            (one, Verdict.DUPLICATE),
            (one, Verdict.DUPLICATE),
            (one, Verdict.CONFLICT),
            Refusal((Fault("events[4]", "invalid_type", "…"),)),
        )
    )
    assert [receipt.count(verdict) for verdict in Verdict] == [1, 2, 1]
    assert receipt.rejected == 1
