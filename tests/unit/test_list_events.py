"""Listing events page by page, and finding one."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.domain.filters import EventFilter
from eventanalytics.errors import InvalidQueryError, UnknownEventError
from eventanalytics.memory import InMemoryEventStore
from eventanalytics.testing.strategies import distinct_event_logs, events, worlds
from eventanalytics.usecases.list_events import (
    MAX_OFFSET,
    GetEvent,
    ListEvents,
    decode_cursor,
    encode_cursor,
)

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
PROJECT = ProjectId(1)
EVERYTHING = EventFilter()
EVENT = Event(
    event_id=UUID(int=1), user_id="ann", event_type="view", occurred_at=NOON, received_at=NOON
)

logs = worlds().flatmap(distinct_event_logs)


async def store_of(log: Sequence[Event]) -> InMemoryEventStore:
    store = InMemoryEventStore()
    await store.append(PROJECT, log)
    return store


def numbered(count: int) -> list[Event]:
    """Return events with the numbers from *count* - 1 down to 0: the latest first."""
    return [
        msgspec.structs.replace(EVENT, event_id=UUID(int=i), occurred_at=NOON + timedelta(days=i))
        for i in reversed(range(count))
    ]


def code_of(error: pytest.ExceptionInfo[InvalidQueryError]) -> tuple[str, str]:
    (fault,) = error.value.faults
    return fault.path, fault.code


@given(logs, st.integers(1, 5))
async def test_following_the_cursors_lists_every_event_exactly_once(
    log: list[Event], limit: int
) -> None:
    list_events = ListEvents(await store_of(log))
    page = await list_events(PROJECT, EVERYTHING, limit=limit)
    walked = list(page.events)
    pages = 1
    while page.next_cursor is not None:
        assert len(page.events) == limit
        page = await list_events(PROJECT, EVERYTHING, limit=limit, cursor=page.next_cursor)
        walked += page.events
        pages += 1
    assert walked == sorted(log, key=lambda event: event.order, reverse=True)
    assert pages == max(1, -(-len(log) // limit))


@given(
    worlds().flatmap(
        lambda world: st.tuples(
            distinct_event_logs(world), st.lists(events(world), min_size=1, max_size=5)
        )
    )
)
async def test_events_that_come_meanwhile_do_not_disturb_the_walk(
    case: tuple[list[Event], list[Event]],
) -> None:
    log, latecomers = case
    store = await store_of(log)
    list_events = ListEvents(store)
    page = await list_events(PROJECT, EVERYTHING, limit=2)
    walked = list(page.events)
    while page.next_cursor is not None:
        await store.append(PROJECT, latecomers[:1])
        latecomers = latecomers[1:]
        page = await list_events(PROJECT, EVERYTHING, limit=2, cursor=page.next_cursor)
        walked += page.events
    ids = [event.event_id for event in walked]
    assert len(ids) == len(set(ids))
    assert {event.event_id for event in log} <= set(ids)


async def test_a_page_has_a_hundred_events_when_nothing_else_is_asked_for() -> None:
    log = numbered(101)
    page = await ListEvents(await store_of(log))(PROJECT, EVERYTHING)
    assert list(page.events) == log[:100]
    assert page.next_cursor is not None


async def test_the_last_page_has_no_cursor() -> None:
    log = numbered(4)
    list_events = ListEvents(await store_of(log))
    full = await list_events(PROJECT, EVERYTHING, limit=4)
    assert (list(full.events), full.next_cursor) == (log, None)
    assert (await list_events(PROJECT, EVERYTHING, limit=3)).next_cursor is not None
    assert (await list_events(ProjectId(2), EVERYTHING)).next_cursor is None


async def test_an_offset_leaves_out_the_latest() -> None:
    log = numbered(5)
    list_events = ListEvents(await store_of(log))
    page = await list_events(PROJECT, EVERYTHING, limit=2, offset=2)
    assert list(page.events) == log[2:4]
    assert page.next_cursor is not None
    rest = await list_events(PROJECT, EVERYTHING, limit=2, cursor=page.next_cursor)
    assert (list(rest.events), rest.next_cursor) == (log[4:], None)
    assert list((await list_events(PROJECT, EVERYTHING, offset=0)).events) == log


async def test_only_the_wanted_events_are_listed() -> None:
    log = [
        msgspec.structs.replace(event, user_id=str(event.event_id.int % 2)) for event in numbered(4)
    ]
    page = await ListEvents(await store_of(log))(PROJECT, EventFilter(user_id="1"), limit=1)
    assert [event.event_id.int for event in page.events] == [3]
    assert page.next_cursor is not None


@pytest.mark.parametrize(
    ("bounds", "path", "code"),
    [
        ({"limit": 0}, "limit", "out_of_range"),
        ({"limit": 1001}, "limit", "out_of_range"),
        ({"offset": -1}, "offset", "out_of_range"),
        ({"offset": MAX_OFFSET + 1}, "offset", "out_of_range"),
        ({"offset": 0, "cursor": encode_cursor(EVENT.order)}, "cursor", "offset_and_cursor"),
    ],
    ids=str,
)
async def test_a_bound_that_is_not_kept_is_refused(
    bounds: dict[str, int], path: str, code: str
) -> None:
    list_events = ListEvents(await store_of([EVENT]))
    with pytest.raises(InvalidQueryError) as caught:
        await list_events(PROJECT, EVERYTHING, **bounds)  # type: ignore[arg-type]
    assert code_of(caught) == (path, code)


@pytest.mark.parametrize("bounds", [{"limit": 1}, {"limit": 1000}, {"offset": 0}], ids=str)
async def test_a_bound_that_is_just_kept_is_taken(bounds: dict[str, int]) -> None:
    page = await ListEvents(await store_of([EVENT]))(PROJECT, EVERYTHING, **bounds)  # type: ignore[arg-type]
    assert list(page.events) == [EVENT]


async def test_the_greatest_offset_leaves_out_everything() -> None:
    page = await ListEvents(await store_of([EVENT]))(PROJECT, EVERYTHING, offset=MAX_OFFSET)
    assert list(page.events) == []


@given(worlds().flatmap(events))
def test_a_cursor_gives_its_position_back(event: Event) -> None:
    cursor = encode_cursor(event.order)
    assert decode_cursor(cursor) == event.order
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def forged(*position: object) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )


OURS = encode_cursor(EVENT.order)
ID = str(UUID(int=1))
FORGERIES = {
    "empty": "",
    "no base64": "!!!!",
    "not ASCII": "ä" * 8,
    "no JSON": "AAAA",
    "padded": OURS + "==",
    "a newline": OURS + "\n",
    "cut": OURS[:-1],
    "half": OURS[: len(OURS) // 2],
    "longer": OURS + "A",
    "nothing in it": forged(),
    "two parts": forged("2025-08-21T12:00:00Z", "2025-08-21T12:00:00Z"),
    "four parts": forged("2025-08-21T12:00:00Z", "2025-08-21T12:00:00Z", ID, 1),
    "no id": forged("2025-08-21T12:00:00Z", "2025-08-21T12:00:00Z", "x"),
    "no time": forged("yesterday", "2025-08-21T12:00:00Z", ID),
    "a number": forged(0, 0, ID),
    "without an offset": forged("2025-08-21T12:00:00", "2025-08-21T12:00:00", ID),
    "one without an offset": forged("2025-08-21T12:00:00Z", "2025-08-21T12:00:00", ID),
    "another offset": forged("2025-08-21T14:00:00+02:00", "2025-08-21T12:00:00Z", ID),
    "before the first day": forged("0001-01-01T00:00:00+14:00", "2025-08-21T12:00:00Z", ID),
    "written in another way": forged("2025-08-21T12:00:00.000Z", "2025-08-21T12:00:00Z", ID),
    "deep": base64.urlsafe_b64encode(b"[" * 30_000).decode(),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_cursor_of_another_make_is_refused(forgery: str) -> None:
    list_events = ListEvents(await store_of([EVENT]))
    with pytest.raises(InvalidQueryError) as caught:
        await list_events(PROJECT, EVERYTHING, cursor=FORGERIES[forgery])
    assert code_of(caught) == ("cursor", "invalid_cursor")


def test_the_forgeries_differ_from_ours_by_what_they_are_named_for() -> None:
    assert forged("2025-08-21T12:00:00Z", "2025-08-21T12:00:00Z", ID) == OURS


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode())
)
def test_any_text_is_a_cursor_of_ours_or_refused(text: str) -> None:
    with pytest.raises(InvalidQueryError):
        decode_cursor(text)


async def test_an_event_is_found_by_its_id() -> None:
    assert await GetEvent(await store_of([EVENT]))(PROJECT, EVENT.event_id) == EVENT


@pytest.mark.parametrize(("project", "number"), [(1, 2), (2, 1)])
async def test_an_event_of_another_id_or_project_is_unknown(project: int, number: int) -> None:
    get_event = GetEvent(await store_of([EVENT]))
    with pytest.raises(UnknownEventError) as caught:
        await get_event(ProjectId(project), UUID(int=number))
    assert caught.value.event_id == UUID(int=number)
    assert caught.value.code == "unknown_event"
    assert str(UUID(int=number)) in str(caught.value)
