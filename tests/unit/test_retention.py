"""Retention, against a second opinion that asks every user about every cell."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.retention import count_retention, retention_users
from eventanalytics.domain.retention_query import (
    RetentionCell,
    RetentionKind,
    RetentionMode,
    RetentionQuery,
)
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.retention_strategies import RetentionQuestion, retention_questions
from eventanalytics.testing.strategies import distinct_event_logs, worlds

FAR = datetime(2100, 1, 1, tzinfo=UTC)
MONDAY = date(2025, 8, 4)
WEEK_OF = DateRange(MONDAY, MONDAY + timedelta(days=6))
VIEW, BUY = EventSelector("view"), EventSelector("buy")

asked = worlds().flatmap(
    lambda world: st.tuples(retention_questions(world), distinct_event_logs(world))
)


def event(user_id: str, day: int, event_type: str = "view", hour: int = 12) -> Event:
    """Return an event so many days after Monday."""
    at = datetime(2025, 8, 4, hour, tzinfo=UTC) + timedelta(days=day)
    number = hash((user_id, day, event_type, hour)) % 2**100
    return Event(
        event_id=UUID(int=number),
        user_id=user_id,
        event_type=event_type,
        occurred_at=at,
        received_at=at,
    )


def members(
    question: RetentionQuestion, log: list[Event], cohort: int, column: int | None
) -> set[str]:
    """Ask every user: are you of this cohort, and did you return in this column?"""
    query = question.query
    world = [e for e in log if all(c.matches(e) for c in query.where)]
    buckets = query.buckets()
    within = query.within()
    found = set()
    for user in {e.user_id for e in world}:
        mine = sorted((e for e in world if e.user_id == user), key=lambda e: e.order)
        starts = [e for e in mine if query.start.matches(e)]
        in_range = [e for e in starts if within.since <= e.occurred_at < within.until]
        if query.kind is RetentionKind.FIRST_EVER:
            candidates = [e for e in starts[:1] if e in in_range]
        elif query.kind is RetentionKind.FIRST_IN_RANGE:
            candidates = in_range[:1]
        else:
            candidates = in_range
        own = buckets[cohort]
        here = [e for e in candidates if own.start <= e.occurred_at < own.end]
        if not here:
            continue
        if column is None:
            found.add(user)
            continue
        after = [
            e
            for e in mine
            if query.returning.matches(e)
            and (e.occurred_at, e.received_at, e.event_id)
            > (here[0].occurred_at, here[0].received_at, here[0].event_id)
        ]
        columns = [column]
        if query.mode is RetentionMode.ON_OR_AFTER:
            columns = list(range(column, query.periods + 1))
        for k in columns:
            period = buckets[cohort + k]
            if any(period.start <= e.occurred_at < period.end for e in after):
                found.add(user)
        if column == 0 and query.start == query.returning:
            found.add(user)
    return found


@given(asked)
def test_every_cell_counts_the_users_who_say_that_they_belong_to_it(
    case: tuple[RetentionQuestion, list[Event]],
) -> None:
    question, log = case
    query, now = question.query, question.now
    answer = count_retention(query, log, now)
    assert len(answer.cohorts) == query.cohort_count()
    for index, cohort in enumerate(answer.cohorts):
        assert cohort.start == query.buckets()[index].start
        assert cohort.size == len(members(question, log, index, None))
        for column, returned in enumerate(cohort.returned):
            if query.buckets()[index + column].end > now:
                assert returned is None
            else:
                assert returned == len(members(question, log, index, column))


@given(asked)
def test_the_users_of_a_cell_are_those_who_say_so_in_order(
    case: tuple[RetentionQuestion, list[Event]],
) -> None:
    question, log = case
    cell = question.cell
    users = retention_users(question.query, cell, log, question.now)
    assert list(users) == sorted(members(question, log, cell.cohort, cell.column))


@given(asked)
def test_the_order_in_which_events_come_changes_nothing(
    case: tuple[RetentionQuestion, list[Event]],
) -> None:
    question, log = case
    query, now = question.query, question.now
    assert count_retention(query, log[::-1], now) == count_retention(query, log, now)


@given(asked)
def test_on_or_after_never_rises_and_is_never_below_on(
    case: tuple[RetentionQuestion, list[Event]],
) -> None:
    question, log = case
    on, after = (
        count_retention(_replaced(question.query, mode=mode), log, FAR) for mode in RetentionMode
    )
    for exact, cumulative in zip(on.cohorts, after.cohorts, strict=True):
        numbers = [n for n in cumulative.returned if n is not None]
        assert all(a >= b for a, b in pairwise(numbers))
        assert all(
            a >= b
            for a, b in zip(cumulative.returned, exact.returned, strict=True)
            if a is not None and b is not None
        )
        assert all(n <= cumulative.size for n in numbers)


@given(asked)
def test_recurring_cohorts_hold_those_of_the_first_in_range_which_hold_the_first_ever(
    case: tuple[RetentionQuestion, list[Event]],
) -> None:
    question, log = case
    ever, first, recurring = (
        count_retention(_replaced(question.query, kind=kind), log, FAR).cohorts
        for kind in (
            RetentionKind.FIRST_EVER,
            RetentionKind.FIRST_IN_RANGE,
            RetentionKind.RECURRING,
        )
    )
    for a, b, c in zip(ever, first, recurring, strict=True):
        assert a.size <= b.size <= c.size


@given(asked)
def test_where_start_and_return_are_the_same_column_0_is_the_cohort(
    case: tuple[RetentionQuestion, list[Event]],
) -> None:
    question, log = case
    query = _replaced(question.query, returning=question.query.start)
    for cohort in count_retention(query, log, FAR).cohorts:
        assert cohort.returned[0] == cohort.size


def test_start_and_return_are_the_same_when_they_ask_the_same() -> None:
    def price(value: object) -> EventSelector:
        return EventSelector("buy", (Condition("price", Operator.EQ, value),))

    def same(a: EventSelector, b: EventSelector) -> bool:
        return RetentionQuery(range=WEEK_OF, start=a, returning=b).returns_with_start()

    assert same(price(1), price(1.0))
    assert not same(price(1), price(True))
    assert not same(price(1), price("1"))
    assert not same(price(1), EventSelector("buy"))
    assert not same(EventSelector("buy"), EventSelector())


def test_the_average_pools_the_complete_cells() -> None:
    log = [
        *(event(user, 0) for user in "abcd"),
        *(event(user, 1) for user in "ab"),
        event("new", 1),
    ]
    query = RetentionQuery(
        range=DateRange(MONDAY, MONDAY + timedelta(days=1)), period=Interval.DAY, periods=2
    )
    now = datetime(2025, 8, 6, tzinfo=UTC)
    answer = count_retention(query, log, now)
    assert [cohort.returned for cohort in answer.cohorts] == [(4, 2, None), (1, None, None)]
    assert answer.average == (1.0, 0.5, None)
    empty = count_retention(query, [], FAR)
    assert empty.average == (None, None, None)
    whole = count_retention(query, log, FAR)
    assert whole.average == (1.0, 2 / 5, 0.0)  # a mean of percentages would be 1/4


def test_a_period_that_is_not_over_is_null() -> None:
    query = RetentionQuery(range=DateRange(MONDAY, MONDAY), period=Interval.DAY, periods=1)
    end = datetime(2025, 8, 5, tzinfo=UTC)
    for now, returned in (
        (end - timedelta(microseconds=1), (None, None)),
        (end, (1, None)),
        (end + timedelta(days=1), (1, 0)),
    ):
        [cohort] = count_retention(query, [event("ann", 0)], now).cohorts
        assert (cohort.size, cohort.returned) == (1, returned)


def test_a_cohort_of_a_cut_period_starts_in_the_range_alone() -> None:
    cut = TimeRange(datetime(2025, 8, 4, 10, tzinfo=UTC), datetime(2025, 8, 5, 10, tzinfo=UTC))
    query = RetentionQuery(range=cut, period=Interval.DAY, periods=0, kind=RetentionKind.RECURRING)
    log = [
        event("a", 0, hour=9),
        event("b", 0, hour=10),
        event("c", 1, hour=9),
        event("d", 1, hour=10),
    ]
    found = count_retention(query, log, FAR)
    assert [cohort.size for cohort in found.cohorts] == [1, 1]


def test_a_day_that_the_zone_left_out_has_no_cohort() -> None:
    day = date(2011, 12, 30)
    query = RetentionQuery(
        range=DateRange(day, day), calendar=Calendar("Pacific/Apia"), period=Interval.DAY
    )
    assert count_retention(query, [event("ann", 0)], FAR).cohorts == ()


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"periods": -1}, "periods", "out_of_range"),
        ({"periods": 367}, "periods", "out_of_range"),
        ({"start": EventSelector("a\0")}, "start.event", "nul_character"),
        ({"returning": EventSelector("a\0")}, "return.event", "nul_character"),
        (
            {"range": TimeRange(FAR, FAR)},
            "range",
            "invalid_range",
        ),
    ],
)
def test_an_impossible_query_is_refused(changes: dict[str, object], path: str, code: str) -> None:
    with pytest.raises(InvalidQueryError) as refused:
        RetentionQuery(**{"range": WEEK_OF, **changes})  # type: ignore[arg-type]
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [(path, code)]


@pytest.mark.parametrize(
    ("days", "periods", "path", "code"),
    [
        (DateRange(date(2000, 1, 1), date(2009, 12, 31)), 100, "periods", "too_many_cells"),
        (DateRange(date(1970, 1, 1), date(2000, 1, 1)), 0, "to", "too_many_buckets"),
        (DateRange(date(9998, 12, 1), date(9998, 12, 31)), 366, "periods", "date_out_of_range"),
    ],
)
def test_a_query_with_too_many_cells_is_refused(
    days: DateRange, periods: int, path: str, code: str
) -> None:
    query = RetentionQuery(range=days, period=Interval.DAY, periods=periods)
    with pytest.raises(InvalidQueryError) as refused:
        query.buckets()
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [(path, code)]


@pytest.mark.parametrize(
    ("cell", "path"),
    [
        (RetentionCell(-1), "cell.cohort"),
        (RetentionCell(1), "cell.cohort"),
        (RetentionCell(0, -1), "cell.column"),
        (RetentionCell(0, 3), "cell.column"),
        (RetentionCell(0, 2), "cell.column"),
    ],
)
def test_a_cell_that_the_answer_does_not_have_is_refused(cell: RetentionCell, path: str) -> None:
    query = RetentionQuery(range=WEEK_OF, periods=2)
    with pytest.raises(InvalidQueryError) as refused:
        retention_users(query, cell, [], datetime(2025, 8, 20, tzinfo=UTC))
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [(path, "unknown_cell")]


def _replaced(query: RetentionQuery, **changes: object) -> RetentionQuery:
    return msgspec.structs.replace(query, **changes)
