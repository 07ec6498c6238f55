"""The questions as use cases: each is answered by the port, with the clock read once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from eventanalytics import (
    CountDailyUsers,
    CountQuickRetention,
    DailyUsersQuery,
    DateRange,
    Event,
    ProjectId,
    QuickRetentionQuery,
    RankEventTypes,
    SummariseProject,
    TopEventsQuery,
    count_daily_users,
    count_quick_retention,
    rank_event_types,
    summarise,
)
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.memory import FixedClock, InMemoryEventStore, InMemoryInsights, SystemClock

MONDAY = datetime(2025, 8, 18, tzinfo=UTC)
PROJECT = ProjectId(1)
LOG = [
    Event(
        event_id=UUID(int=number),
        user_id=user_id,
        event_type=event_type,
        occurred_at=MONDAY + timedelta(days=days),
        received_at=MONDAY,
    )
    for number, (user_id, event_type, days) in enumerate(
        [("ann", "view", 0), ("bob", "view", 1), ("ann", "buy", 1), ("ann", "view", 8)]
    )
]
DAYS = DateRange(date(2025, 8, 18), date(2025, 8, 20))


class CountingClock(FixedClock):
    """Counts how often it is read."""

    reads = 0

    def now(self) -> datetime:
        self.reads += 1
        return super().now()


async def insights() -> InMemoryInsights:
    store = InMemoryEventStore()
    await store.append(PROJECT, LOG)
    await store.append(ProjectId(2), LOG[:1])
    return InMemoryInsights(store)


async def test_daily_users() -> None:
    query = DailyUsersQuery(days=DAYS)
    found = await CountDailyUsers(await insights())(PROJECT, query)
    assert found == count_daily_users(query, LOG)
    assert [day.unique_users for day in found] == [1, 2, 0]


async def test_top_events() -> None:
    query = TopEventsQuery(days=DAYS)
    found = await RankEventTypes(await insights())(PROJECT, query)
    assert found == rank_event_types(query, LOG)
    assert [entry.event_type for entry in found] == ["view", "buy"]


async def test_retention_takes_now_from_the_clock_once() -> None:
    query = QuickRetentionQuery(start=DAYS.first)
    clock = CountingClock(MONDAY + timedelta(weeks=2))
    found = await CountQuickRetention(await insights(), clock)(PROJECT, query)
    assert found == count_quick_retention(query, LOG, MONDAY + timedelta(weeks=2))
    assert [cohort.returned for cohort in found] == [(2, 1, None), (0, None), (None,)]
    assert clock.reads == 1


async def test_the_overview() -> None:
    where = (Condition("$user_id", Operator.EQ, "ann"),)
    summarise_project = SummariseProject(await insights())
    assert await summarise_project(PROJECT) == summarise((), LOG)
    assert await summarise_project(PROJECT, where) == summarise(where, LOG)
    assert (await summarise_project(ProjectId(2))).events == 1
    assert (await summarise_project(ProjectId(3))).events == 0


def test_the_system_clock_tells_the_time_in_utc() -> None:
    before = SystemClock().now()
    assert before.tzinfo is UTC
    assert before <= SystemClock().now()
    assert before > datetime(2025, 1, 1, tzinfo=UTC)


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.move(timedelta(hours=2))
    clock.move(-timedelta(hours=1))
    assert clock.now() == MONDAY + timedelta(hours=1)
