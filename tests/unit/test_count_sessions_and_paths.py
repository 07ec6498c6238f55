"""Sessions and paths as use cases: each is answered by the port, with the clock read once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from eventanalytics import (
    CountPaths,
    CountSessions,
    DateRange,
    Event,
    ListPathsUsers,
    ListSessionsUsers,
    PathsCell,
    PathsQuery,
    ProjectId,
    SessionsCell,
    SessionsQuery,
    count_paths,
    count_sessions,
)
from eventanalytics.domain.breakdowns import OTHER, group_of_value
from eventanalytics.domain.selection import UserPage
from eventanalytics.errors import InvalidQueryError
from eventanalytics.memory import FixedClock, InMemoryEventStore, InMemoryInsights

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
PROJECT = ProjectId(1)
NAMES = ("a", "B", "ä", "_", "Z", "ﬀ", "\N{GRINNING FACE}", "aa", "1", "01")
LOG = [
    Event(
        event_id=UUID(int=2 * number + place),
        user_id=name,
        event_type=event_type,
        occurred_at=NOON + timedelta(minutes=place),
        received_at=NOON,
    )
    for number, name in enumerate(NAMES)
    for place, event_type in enumerate(("view", "buy"))
]
DAYS = DateRange(date(2025, 8, 21), date(2025, 8, 22))
SESSIONS, PATHS = SessionsQuery(range=DAYS), PathsQuery(range=DAYS)
NOW = NOON + timedelta(hours=20)


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


async def test_sessions_are_counted_as_of_now() -> None:
    clock = CountingClock(NOW)
    found = await CountSessions(await insights(), clock)(PROJECT, SESSIONS)
    assert found == count_sessions(SESSIONS, LOG, NOW)
    assert [bucket.complete for bucket in found.buckets] == [True, False]
    assert clock.reads == 1


async def test_paths_are_counted_as_of_now() -> None:
    clock = CountingClock(NOW)
    found = await CountPaths(await insights(), clock)(PROJECT, PATHS)
    assert found == count_paths(PATHS, LOG, NOW)
    assert (found.sessions, clock.reads) == (10, 1)


async def test_the_users_of_a_sessions_cell_come_page_by_page() -> None:
    clock = CountingClock(NOW)
    list_users = ListSessionsUsers(await insights(), clock)
    seen: list[str] = []
    for _ in range(4):
        after = seen[-1] if seen else None
        page = await list_users(PROJECT, SESSIONS, SessionsCell(), after=after, limit=3)
        assert page.count == 10
        seen += page.users
    assert seen == sorted(NAMES)
    assert await list_users(PROJECT, SESSIONS, SessionsCell(bounces=True)) == UserPage((), 0)
    assert clock.reads == 5


async def test_the_users_of_a_paths_cell_come_page_by_page() -> None:
    list_users = ListPathsUsers(await insights(), FixedClock(NOW))
    edge = PathsCell(1, group_of_value("view"), group_of_value("buy"))
    seen: list[str] = []
    for _ in range(4):
        after = seen[-1] if seen else None
        page = await list_users(PROJECT, PATHS, edge, after=after, limit=3)
        assert page.count == 10
        seen += page.users
    assert seen == sorted(NAMES)
    assert await list_users(PROJECT, PATHS, PathsCell(1, OTHER)) == UserPage((), 0)


async def test_a_cell_that_no_answer_has_is_refused() -> None:
    answers, clock = await insights(), FixedClock(NOW)
    with pytest.raises(InvalidQueryError):
        await ListSessionsUsers(answers, clock)(PROJECT, SESSIONS, SessionsCell(bucket=2))
    with pytest.raises(InvalidQueryError):
        await ListPathsUsers(answers, clock)(PROJECT, PATHS, PathsCell(6, OTHER))
