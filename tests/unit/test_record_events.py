"""Semantics 1.2 to 1.6: what happens to a batch, with the receipt for it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import (
    Event,
    ProjectId,
    Receipt,
    Refusal,
    Submission,
    Verdict,
)
from eventanalytics.domain.filters import EventFilter
from eventanalytics.domain.reading import Reading, read_batch
from eventanalytics.errors import Fault, StoreUnavailableError
from eventanalytics.memory import FixedClock, InMemoryEventStore
from eventanalytics.testing.oracles import spell
from eventanalytics.testing.submission_strategies import WrongEvent, raw_events, wrong_events
from eventanalytics.usecases.record_events import MAX_SKEW, RecordEvents

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
PROJECT = ProjectId(1)
FAULTY = Refusal((Fault("events[1].user_id", "empty_text", "must not be empty"),), UUID(int=9))


class FailingStore(InMemoryEventStore):
    """Takes nothing until it is repaired."""

    is_broken = True

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        if self.is_broken:
            raise StoreUnavailableError
        return await super().append(project, events)


class WatchedStore(InMemoryEventStore):
    """Remembers how it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[int] = []

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        self.calls.append(len(events))
        return await super().append(project, events)


def submission(number: int, at: datetime = NOON, **change: Any) -> Submission:
    parts: dict[str, Any] = {"user_id": "ann", "event_type": "view", **change}
    return Submission(event_id=UUID(int=number), occurred_at=at, **parts)


def outcomes(receipt: Receipt) -> list[str]:
    return [
        "rejected" if isinstance(entry, Refusal) else entry[1].value for entry in receipt.entries
    ]


async def kept(store: InMemoryEventStore) -> Sequence[Event]:
    return (await store.list(PROJECT, EventFilter(), limit=1000))[::-1]


async def test_each_event_gets_its_verdict_in_the_order_of_the_batch() -> None:
    record = RecordEvents(InMemoryEventStore(), FixedClock(NOON))
    batch: list[Reading] = [
        submission(1),
        FAULTY,
        submission(1),
        submission(1, user_id="bob"),
        submission(2),
        submission(3, at=NOON + 2 * HOUR),
    ]
    receipt = await record(PROJECT, batch)
    assert outcomes(receipt) == [
        *("created", "rejected", "duplicate", "conflict", "created", "rejected")
    ]
    assert receipt.entries[1] is FAULTY
    assert receipt.entries[3] == (UUID(int=1), Verdict.CONFLICT)
    assert [receipt.count(verdict) for verdict in Verdict] == [2, 1, 1]
    assert receipt.rejected == 2


async def test_events_are_received_a_microsecond_apart_by_their_place_in_the_batch() -> None:
    store = InMemoryEventStore()
    batch: list[Reading] = [submission(9), FAULTY, submission(5), submission(1)]
    await RecordEvents(store, FixedClock(NOON))(PROJECT, batch)
    found = await kept(store)
    assert [event.event_id.int for event in found] == [9, 5, 1]
    assert [event.received_at - NOON for event in found] == [0 * TICK, 2 * TICK, 3 * TICK]


async def test_an_event_an_hour_ahead_is_taken_and_a_microsecond_more_refused() -> None:
    batch = [submission(1, at=NOON + HOUR), submission(2, at=NOON + HOUR + TICK)]
    receipt = await RecordEvents(InMemoryEventStore(), FixedClock(NOON))(PROJECT, batch)
    assert receipt.entries[0] == (UUID(int=1), Verdict.CREATED)
    refusal = receipt.entries[1]
    assert isinstance(refusal, Refusal)
    assert refusal.event_id == UUID(int=2)
    assert [(fault.path, fault.code) for fault in refusal.faults] == [
        ("events[1].occurred_at", "in_future")
    ]


async def test_without_an_offset_the_future_is_that_of_utc() -> None:
    naive = NOON.replace(tzinfo=None)
    batch = [submission(1, at=naive + HOUR), submission(2, at=naive + HOUR + TICK)]
    receipt = await RecordEvents(InMemoryEventStore(), FixedClock(NOON))(PROJECT, batch)
    assert outcomes(receipt) == ["created", "rejected"]


async def test_how_far_ahead_is_allowed_can_be_set() -> None:
    record = RecordEvents(InMemoryEventStore(), FixedClock(NOON), max_skew=timedelta(0))
    receipt = await record(PROJECT, [submission(1), submission(2, at=NOON + TICK)])
    assert outcomes(receipt) == ["created", "rejected"]
    assert timedelta(hours=1) == MAX_SKEW


async def test_the_past_is_not_limited() -> None:
    batch = [submission(1, at=datetime(1970, 1, 1, tzinfo=UTC))]
    receipt = await RecordEvents(InMemoryEventStore(), FixedClock(NOON))(PROJECT, batch)
    assert outcomes(receipt) == ["created"]


async def test_a_batch_goes_to_the_store_in_one_piece() -> None:
    store = WatchedStore()
    await RecordEvents(store, FixedClock(NOON))(PROJECT, [submission(i) for i in range(3)])
    assert store.calls == [3]


async def test_a_batch_of_faulty_events_alone_does_not_trouble_the_store() -> None:
    receipt = await RecordEvents(FailingStore(), FixedClock(NOON))(PROJECT, [FAULTY])
    assert receipt.entries == (FAULTY,)


async def test_a_batch_that_the_store_cannot_take_can_be_sent_again() -> None:
    store, clock = FailingStore(), FixedClock(NOON)
    record = RecordEvents(store, clock)
    batch = [submission(1), submission(2)]
    with pytest.raises(StoreUnavailableError):
        await record(PROJECT, batch)
    assert not await kept(store)
    store.is_broken = False
    clock.move(HOUR)
    assert outcomes(await record(PROJECT, batch)) == ["created", "created"]
    assert [event.received_at for event in await kept(store)] == [NOON + HOUR, NOON + HOUR + TICK]


async def test_a_batch_sent_again_changes_nothing() -> None:
    store, clock = InMemoryEventStore(), FixedClock(NOON)
    record = RecordEvents(store, clock)
    batch = [submission(1), submission(2, properties={"a": 1})]
    await record(PROJECT, batch)
    before = await kept(store)
    clock.move(HOUR)
    assert outcomes(await record(PROJECT, batch)) == ["duplicate", "duplicate"]
    assert await kept(store) == before


async def test_an_integer_and_its_text_are_one_user() -> None:
    record = RecordEvents(InMemoryEventStore(), FixedClock(NOON))
    batch = [
        submission(1, user_id=123),
        submission(1, user_id="123"),
        submission(1, user_id="0123"),
    ]
    assert outcomes(await record(PROJECT, batch)) == ["created", "duplicate", "conflict"]


async def test_an_event_belongs_to_one_project() -> None:
    store = InMemoryEventStore()
    record = RecordEvents(store, FixedClock(NOON))
    assert outcomes(await record(ProjectId(2), [submission(1, user_id="bob")])) == ["created"]
    assert outcomes(await record(PROJECT, [submission(1)])) == ["created"]
    assert [event.user_id for event in await kept(store)] == ["ann"]


@given(st.lists(raw_events() | wrong_events(), min_size=1, max_size=6))
async def test_a_receipt_has_one_entry_an_event_and_the_store_the_first_of_each_id(
    batch: list[dict[str, Any] | WrongEvent],
) -> None:
    store = InMemoryEventStore()
    now = datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)
    raw = [item.raw if isinstance(item, WrongEvent) else item for item in batch]
    readings = read_batch(json.dumps({"events": raw}).encode())
    receipt = await RecordEvents(store, FixedClock(now))(PROJECT, readings)

    first: dict[str, tuple[Any, ...]] = {}
    expected: list[str] = []
    for item, reading in zip(batch, readings, strict=True):
        if isinstance(item, WrongEvent) or isinstance(reading, Refusal):
            expected.append("rejected")
            continue
        at = reading.occurred_at
        content = (
            str(item["user_id"]),
            item["event_type"],
            (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(),
            spell(item.get("properties", {})),
        )
        known = first.setdefault(item["event_id"], content)
        expected.append(
            "created" if known is content else "duplicate" if known == content else "conflict"
        )
    assert outcomes(receipt) == expected
    assert {str(event.event_id) for event in await kept(store)} == set(first)
    for event in await kept(store):
        assert first[str(event.event_id)] == (
            event.user_id,
            event.event_type,
            event.occurred_at.timestamp(),
            spell(event.properties),
        )
