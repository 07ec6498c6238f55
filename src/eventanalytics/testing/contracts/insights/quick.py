"""The rules of the quick statistics: each is what the domain's function gives."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.daily_users import DailyUsersQuery, count_daily_users
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.overview import Overview, summarise
from eventanalytics.domain.quick_retention import (
    QuickRetentionQuery,
    count_quick_retention,
    triangle,
)
from eventanalytics.domain.time import Calendar, DateRange, Interval
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery, rank_event_types
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights import Insights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.query_strategies import (
    daily_users_queries,
    quick_retention_queries,
    segments,
    top_events_queries,
)
from eventanalytics.testing.strategies import World

_TODAY = DateRange(NOON.date(), NOON.date())


class QuickRetentionQuestion(msgspec.Struct, frozen=True):
    """A retention query, and when it is asked."""

    query: QuickRetentionQuery
    now: datetime


def quick_retention_questions(world: World) -> st.SearchStrategy[QuickRetentionQuestion]:
    """Draw retention queries, asked when something happens or just when a period is over."""
    return quick_retention_queries(world).flatmap(
        lambda query: st.builds(
            QuickRetentionQuestion,
            st.just(query),
            st.sampled_from([*world.instants, *(period.end for period in query.periods())]),
        )
    )


class QuickContract:
    """The rules of the quick statistics.

    Fixtures: ``insights``, ``event_store`` (whose events are asked about), ``new_project``.
    Each question is asked in a world of colliding events, some of them repeated, beside a project
    with other events, of which no answer may know. Source: docs/semantics.md, "Quick statistics".
    """

    @rule
    @given(world=asked_worlds(daily_users_queries))
    async def test_daily_users_are_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: Insights,
        new_project: NewProject,
        world: AskedWorld[DailyUsersQuery],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        expected = count_daily_users(world.query, await reference_of(world.log))
        assert tuple(await insights.daily_users(project, world.query)) == expected

    @rule
    @given(world=asked_worlds(top_events_queries))
    async def test_top_events_are_what_the_domain_ranks(
        self,
        event_store: EventStore,
        insights: Insights,
        new_project: NewProject,
        world: AskedWorld[TopEventsQuery],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        expected = rank_event_types(world.query, await reference_of(world.log))
        assert tuple(await insights.top_events(project, world.query)) == expected

    @rule
    @given(world=asked_worlds(quick_retention_questions))
    async def test_retention_is_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: Insights,
        new_project: NewProject,
        world: AskedWorld[QuickRetentionQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_quick_retention(query, await reference_of(world.log), now)
        found = await insights.retention(project, query.question(), now)
        assert triangle(query, found) == expected

    @rule
    @given(world=asked_worlds(lambda _: segments))
    async def test_the_overview_is_what_the_domain_summarises(
        self,
        event_store: EventStore,
        insights: Insights,
        new_project: NewProject,
        world: AskedWorld[tuple[Condition, ...]],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        expected = summarise(world.query, await reference_of(world.log))
        assert await insights.overview(project, world.query) == expected

    async def test_a_new_project_has_an_empty_overview(
        self, insights: Insights, new_project: NewProject
    ) -> None:
        empty = Overview(events=0, users=0, event_types=0, first_event_at=None, last_event_at=None)
        assert await insights.overview(await new_project(), ()) == empty

    async def test_a_new_project_has_every_day_without_users(
        self, insights: Insights, new_project: NewProject
    ) -> None:
        query = DailyUsersQuery(days=DateRange(date(2025, 2, 27), date(2025, 3, 2)))
        found = await insights.daily_users(await new_project(), query)
        assert [day.date.day for day in found] == [27, 28, 1, 2]
        assert {day.unique_users for day in found} == {0}

    async def test_a_new_project_has_no_top_events(
        self, insights: Insights, new_project: NewProject
    ) -> None:
        assert not await insights.top_events(await new_project(), TopEventsQuery(days=_TODAY))

    async def test_a_new_project_has_every_cohort_without_users(
        self, insights: Insights, new_project: NewProject
    ) -> None:
        query = QuickRetentionQuery(start=NOON.date(), windows=3)
        now = NOON + timedelta(days=365)
        found = triangle(
            query, await insights.retention(await new_project(), query.question(), now)
        )
        assert [cohort.returned for cohort in found] == [(0, 0, 0), (0, 0), (0,)]

    @pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
    async def test_a_range_holds_its_first_instant_and_not_the_one_after_its_last(
        self, event_store: EventStore, insights: Insights, new_project: NewProject, zone: str
    ) -> None:
        calendar, instant = Calendar(zone), timedelta(microseconds=1)
        within = calendar.range_of(_TODAY)
        beside = [within.since - instant, within.since, within.until - instant, within.until]
        log = [
            msgspec.structs.replace(
                SIGN_UP,
                event_id=UUID(int=i),
                user_id=f"user {i}",
                event_type=f"type {i}",
                occurred_at=occurred_at,
            )
            for i, occurred_at in enumerate(beside)
        ]
        project = await project_of(event_store, new_project, log, [])

        daily_users = DailyUsersQuery(days=_TODAY, calendar=calendar)
        [day] = await insights.daily_users(project, daily_users)
        assert (day.date, day.unique_users) == (_TODAY.first, 2)
        top_events = TopEventsQuery(days=_TODAY, calendar=calendar)
        found = await insights.top_events(project, top_events)
        assert [top.event_type for top in found] == ["type 1", "type 2"]
        retention = QuickRetentionQuery(
            start=_TODAY.first, windows=1, period=Interval.DAY, calendar=calendar
        )
        answer = await insights.retention(project, retention.question(), within.until)
        [cohort] = triangle(retention, answer)
        assert (cohort.size, cohort.returned) == (2, (2,))

    async def test_a_user_counts_once_a_day_and_once_a_type(
        self, event_store: EventStore, insights: Insights, new_project: NewProject
    ) -> None:
        done = [("ann", "view"), ("ann", "view"), ("bob", "view"), ("ann", "buy"), ("ann", "view")]
        log = [
            msgspec.structs.replace(
                SIGN_UP, event_id=UUID(int=i), user_id=user_id, event_type=event_type
            )
            for i, (user_id, event_type) in enumerate(done)
        ]
        project = await project_of(event_store, new_project, log, [])
        found = await insights.top_events(project, TopEventsQuery(days=_TODAY))
        assert tuple(found) == (EventTypeCount("view", 4, 2), EventTypeCount("buy", 1, 1))
        [day] = await insights.daily_users(project, DailyUsersQuery(days=_TODAY))
        assert day.unique_users == 2
        overview = await insights.overview(project, ())
        assert (overview.events, overview.users, overview.event_types) == (5, 2, 2)

    async def test_ties_of_top_events_are_in_the_order_of_code_points(
        self, event_store: EventStore, insights: Insights, new_project: NewProject
    ) -> None:
        types = ["a", "B", "ä", "_", "A b", "Z", "~", "ﬀ", "\N{GRINNING FACE}", "aa", "A"]
        log = [
            msgspec.structs.replace(SIGN_UP, event_id=UUID(int=i), event_type=event_type)
            for i, event_type in enumerate(types)
        ]
        project = await project_of(event_store, new_project, log, [])
        found = await insights.top_events(project, TopEventsQuery(days=_TODAY, limit=100))
        assert tuple(found) == tuple(EventTypeCount(name, 1, 1) for name in sorted(types))

    @pytest.mark.parametrize("period", [Interval.DAY, Interval.WEEK, Interval.MONTH])
    async def test_a_long_retention_lists_every_cohort(
        self,
        event_store: EventStore,
        insights: Insights,
        new_project: NewProject,
        period: Interval,
    ) -> None:
        query = QuickRetentionQuery(start=date(2025, 8, 1), windows=60, period=period)
        log = [
            msgspec.structs.replace(
                SIGN_UP, event_id=UUID(int=i), occurred_at=NOON + timedelta(days=i * i)
            )
            for i in range(12)
        ]
        project = await project_of(event_store, new_project, log, [])
        now = NOON + timedelta(days=40)
        found = await insights.retention(project, query.question(), now)
        assert triangle(query, found) == count_quick_retention(query, log, now)
