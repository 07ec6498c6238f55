"""The use cases of funnels, over memory; and the counting of journeys one by one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from eventanalytics import CountFunnel, Event, FunnelCell, FunnelQuery, ListFunnelUsers, ProjectId
from eventanalytics.domain.funnel_attempts import Journey, Moment
from eventanalytics.domain.funnel_query import FunnelOutcome
from eventanalytics.domain.funnel_tallies import StepTally, Tallies
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics.domain.time import TimeRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.memory import FixedClock, InMemoryEventStore, InMemoryInsights

NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROJECT = ProjectId(1)
QUERY = FunnelQuery(
    range=TimeRange(NOON, NOON + 24 * HOUR),
    steps=(EventSelector("view"), EventSelector("buy")),
    window_seconds=3600,
)


def event(number: int, user_id: str, event_type: str, at: datetime) -> Event:
    return Event(
        event_id=UUID(int=number),
        user_id=user_id,
        event_type=event_type,
        occurred_at=at,
        received_at=at,
    )


@pytest.fixture
async def insights() -> InMemoryInsights:
    store = InMemoryEventStore()
    log = [event(number, f"user {number}", "view", NOON) for number in range(5)]
    log += [event(9, "user 3", "buy", NOON + HOUR)]
    await store.append(PROJECT, log)
    return InMemoryInsights(store)


@pytest.mark.parametrize(("late", "running"), [(timedelta(), 4), (timedelta(microseconds=1), 0)])
async def test_a_funnel_is_counted_as_it_is_now(
    insights: InMemoryInsights, late: timedelta, running: int
) -> None:
    found = await CountFunnel(insights, FixedClock(NOON + HOUR + late))(PROJECT, QUERY)
    assert [step.users for step in found.steps] == [5, 1]
    assert found.open_attempts == running


async def test_users_come_page_by_page(insights: InMemoryInsights) -> None:
    list_users = ListFunnelUsers(insights, FixedClock(NOON))
    cell = FunnelCell(step=2, outcome=FunnelOutcome.DROPPED)
    first = await list_users(PROJECT, QUERY, cell, limit=3)
    assert first == UserPage(("user 0", "user 1", "user 2"), 4)
    rest = await list_users(PROJECT, QUERY, cell, after="user 2", limit=3)
    assert rest == UserPage(("user 4",), 4)


async def test_a_cell_that_is_not_there_is_refused(insights: InMemoryInsights) -> None:
    with pytest.raises(InvalidQueryError):
        await ListFunnelUsers(insights, FixedClock(NOON))(PROJECT, QUERY, FunnelCell(step=3))


def journey(*minutes: int) -> Journey:
    moments = [NOON + timedelta(minutes=minute) for minute in minutes]
    reached = tuple(Moment(occurred_at=at, steps=frozenset()) for at in moments)
    return Journey(user_id="ann", reached=reached, latest_start=NOON)


def test_tallies_that_are_merged_are_those_of_all() -> None:
    some, others = [journey(0), journey(0, 1)], [journey(0, 3, 10), journey(5, 7)]
    merged = Tallies(some)
    merged.merge(Tallies(others))
    assert merged.users == 4
    assert list(merged.steps()) == list(Tallies([*some, *others]).steps())
    minute = 60_000_000
    assert list(merged.steps())[1:] == [
        StepTally(3, 6 * minute, 2 * minute),
        StepTally(1, 7 * minute, 7 * minute),
    ]


def test_nothing_is_counted_of_nobody() -> None:
    empty = Tallies()
    assert (empty.users, list(empty.steps())) == (0, [])
