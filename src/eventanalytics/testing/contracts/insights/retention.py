"""The rules of retention behind `Insights`."""

from datetime import timedelta
from itertools import product
from uuid import UUID

import msgspec
from hypothesis import given

from eventanalytics.domain.events import Event
from eventanalytics.domain.retention import count_retention, retention_users
from eventanalytics.domain.retention_query import (
    RetentionCell,
    RetentionKind,
    RetentionMode,
    RetentionQuery,
)
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics.domain.time import DateRange, Interval, TimeRange
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.retention import RetentionInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.retention_strategies import RetentionQuestion, retention_questions

_TODAY = DateRange(NOON.date(), NOON.date())
_LATER = NOON + timedelta(days=30)
_VIEW, _BUY = EventSelector("view"), EventSelector("buy")


class RetentionContract:
    """Retention and the users of its cells. Source: docs/semantics.md, "Retention"."""

    @rule
    @given(world=asked_worlds(retention_questions))
    async def test_retention_is_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: RetentionInsights,
        new_project: NewProject,
        world: AskedWorld[RetentionQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_retention(query, await reference_of(world.log), now)
        assert await insights.retention(project, query, now) == expected

    @rule
    @given(world=asked_worlds(retention_questions))
    async def test_the_users_of_a_retention_cell_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: RetentionInsights,
        new_project: NewProject,
        world: AskedWorld[RetentionQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = retention_users(asked.query, asked.cell, await reference_of(world.log), asked.now)
        found = await insights.retention_users(
            project, asked.query, asked.cell, asked.now, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)

    async def test_a_return_at_the_same_time_comes_after_the_start_by_receipt_then_by_id(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        second = timedelta(seconds=1)
        log = [
            _event(1, "received later", "view", 0 * second),
            _event(2, "received later", "buy", 1 * second),
            _event(3, "received earlier", "view", 1 * second),
            _event(4, "received earlier", "buy", 0 * second),
            _event(5, "greater id", "view", 0 * second),
            _event(6, "greater id", "buy", 0 * second),
            _event(8, "smaller id", "view", 0 * second),
            _event(7, "smaller id", "buy", 0 * second),
            _event(9, "second start", "view", 0 * second),
            _event(10, "second start", "buy", 1 * second),
            _event(11, "second start", "view", 2 * second),
        ]
        project = await project_of(event_store, new_project, log, [])
        query = RetentionQuery(
            range=_TODAY, period=Interval.DAY, periods=0, start=_VIEW, returning=_BUY
        )
        found = await insights.retention_users(
            project, query, RetentionCell(0, 0), _LATER, after=None, limit=10
        )
        assert found.users == ("greater id", "received later", "second start")
        [cohort] = (await insights.retention(project, query, _LATER)).cohorts
        assert (cohort.size, cohort.returned) == (5, (3,))

    async def test_a_start_before_the_range_counts_for_first_ever_alone(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        log = [
            _at(1, "old", "view", days=-400),
            _at(2, "old", "view", days=0),
            _at(3, "new", "view", days=0),
            _at(4, "visitor", "buy", days=-1),
            _at(5, "visitor", "view", days=0),
        ]
        project = await project_of(event_store, new_project, log, [])
        sizes = {}
        for kind in RetentionKind:
            query = RetentionQuery(
                range=_TODAY, period=Interval.DAY, periods=0, start=_VIEW, kind=kind
            )
            [cohort] = (await insights.retention(project, query, _LATER)).cohorts
            sizes[kind] = cohort.size
        assert sizes == {
            RetentionKind.FIRST_EVER: 2,
            RetentionKind.FIRST_IN_RANGE: 3,
            RetentionKind.RECURRING: 3,
        }

    async def test_a_return_past_the_range_counts(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        log = [_at(1, "ann", "view", days=0), _at(2, "ann", "view", days=3)]
        project = await project_of(event_store, new_project, log, [])
        found = {}
        for mode in RetentionMode:
            query = RetentionQuery(range=_TODAY, period=Interval.DAY, periods=4, mode=mode)
            [cohort] = (await insights.retention(project, query, _LATER)).cohorts
            found[mode] = cohort.returned
        assert found == {
            RetentionMode.ON: (1, 0, 0, 1, 0),
            RetentionMode.ON_OR_AFTER: (1, 1, 1, 1, 0),
        }

    async def test_a_start_lies_in_the_range_whose_end_does_not_belong_to_it(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        hour, tick = timedelta(hours=1), timedelta(microseconds=1)
        moments = [
            ("before", -hour - tick),
            ("first", -hour),
            ("last", -tick),
            ("last", hour),  # in the same period, past the range
            ("end", 0 * hour),
        ]
        log = [
            msgspec.structs.replace(
                SIGN_UP,
                event_id=UUID(int=number),
                user_id=user_id,
                event_type="view",
                occurred_at=NOON + moment,
            )
            for number, (user_id, moment) in enumerate(moments)
        ]
        project = await project_of(event_store, new_project, log, [])
        for kind, returning in product(RetentionKind, (_VIEW, _BUY)):
            query = RetentionQuery(
                range=TimeRange(NOON - hour, NOON),
                period=Interval.DAY,
                periods=0,
                start=_VIEW,
                returning=returning,
                kind=kind,
            )
            found = await insights.retention_users(
                project, query, RetentionCell(0), _LATER, after=None, limit=10
            )
            assert found == UserPage(("first", "last"), 2)

    async def test_columns_are_counted_from_the_cohort_to_the_last_asked(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        days = (0, 1, 2, 3, 4)
        log = [_at(number, "ann", "view", days=day) for number, day in enumerate(days)]
        log += [_at(10 + number, "ann", "buy", days=day) for number, day in enumerate(days)]
        project = await project_of(event_store, new_project, log, [])
        for returning in (_VIEW, _BUY):
            query = RetentionQuery(
                range=DateRange(NOON.date() + timedelta(days=1), NOON.date() + timedelta(days=2)),
                period=Interval.DAY,
                periods=2,
                start=_VIEW,
                returning=returning,
                kind=RetentionKind.RECURRING,
            )
            answer = await insights.retention(project, query, _LATER)
            assert [cohort.returned for cohort in answer.cohorts] == [(1, 1, 1), (1, 1, 1)]
            last = await insights.retention_users(
                project, query, RetentionCell(1, 2), _LATER, after=None, limit=10
            )
            assert last == UserPage(("ann",), 1)

    async def test_column_0_is_any_return_after_the_first_start_of_the_period(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        hours = {
            "between two starts": (("view", 0), ("buy", 1), ("view", 2)),
            "before and after": (("buy", 0), ("view", 1), ("buy", 2)),
            "before alone": (("buy", 0), ("view", 1)),
            "the start alone": (("view", 0),),
        }
        moments = [(user, *moment) for user, times in hours.items() for moment in times]
        log = [
            msgspec.structs.replace(
                SIGN_UP,
                event_id=UUID(int=number),
                user_id=user_id,
                event_type=event_type,
                occurred_at=NOON + timedelta(hours=hour),
            )
            for number, (user_id, event_type, hour) in enumerate(moments)
        ]
        project = await project_of(event_store, new_project, log, [])
        for returning, users in (
            (_BUY, ("before and after", "between two starts")),
            (EventSelector(), ("before and after", "between two starts")),
        ):
            query = RetentionQuery(
                range=_TODAY, period=Interval.DAY, periods=0, start=_VIEW, returning=returning
            )
            found = await insights.retention_users(
                project, query, RetentionCell(0, 0), _LATER, after=None, limit=10
            )
            assert found == UserPage(users, len(users))

    async def test_who_returns_in_several_columns_is_one_user_of_on_or_after(
        self, event_store: EventStore, insights: RetentionInsights, new_project: NewProject
    ) -> None:
        log = [_at(number, "ann", "view", days=number) for number in range(4)]
        log += [_at(10 + number, "bob", "view", days=number) for number in (0, 3)]
        project = await project_of(event_store, new_project, log, [])
        query = RetentionQuery(
            range=_TODAY, period=Interval.DAY, periods=3, mode=RetentionMode.ON_OR_AFTER
        )
        for column in range(4):
            found = await insights.retention_users(
                project, query, RetentionCell(0, column), _LATER, after=None, limit=10
            )
            assert found == UserPage(("ann", "bob"), 2)


def _event(number: int, user_id: str, event_type: str, received: timedelta) -> Event:
    """Return an event at noon that is received so much later."""
    return msgspec.structs.replace(
        SIGN_UP,
        event_id=UUID(int=number),
        user_id=user_id,
        event_type=event_type,
        occurred_at=NOON,
        received_at=NOON + received,
    )


def _at(number: int, user_id: str, event_type: str, *, days: int) -> Event:
    """Return an event at noon so many days later."""
    return msgspec.structs.replace(
        SIGN_UP,
        event_id=UUID(int=number),
        user_id=user_id,
        event_type=event_type,
        occurred_at=NOON + timedelta(days=days),
    )
