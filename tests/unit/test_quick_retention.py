"""Semantics 6.1 to 6.3 as the quick statistics ask: any event, first in range, whole periods."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.quick_retention import (
    Cohort,
    QuickRetentionQuery,
    count_quick_retention,
    triangle,
)
from eventanalytics.domain.retention import answer
from eventanalytics.domain.time import Calendar, Interval, WeekStart
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.contracts.insights.quick import (
    QuickRetentionQuestion,
    quick_retention_questions,
)
from eventanalytics.testing.oracles import label, labels_from, local_day
from eventanalytics.testing.query_strategies import conditions
from eventanalytics.testing.strategies import distinct_event_logs, worlds

MONDAY = date(2025, 8, 18)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FAR = datetime(2100, 1, 1, tzinfo=UTC)

asked = worlds().flatmap(
    lambda world: st.tuples(quick_retention_questions(world), distinct_event_logs(world))
)


def second_opinion(query: QuickRetentionQuery, log: list[Event], now: datetime) -> list[Cohort]:
    """Name each period by its first day on the wall calendar; ask each user about each period."""
    zone, week_start = query.calendar.timezone, query.calendar.week_start

    def named(instant: datetime) -> date:
        return label(local_day(zone, instant), query.period, week_start)

    names = list(islice(labels_from(zone, query.start, query.period, week_start), query.windows))
    found = [event for event in log if all(one.matches(event) for one in query.where)]
    answer: list[Cohort] = []
    for index, name in enumerate(names):
        earlier, later = set(names[:index]), names[index:]
        came = {
            user: {named(e.occurred_at) for e in found if e.user_id == user}
            for user in {event.user_id for event in found}
        }
        cohort = [user for user, seen in came.items() if name in seen and not seen & earlier]
        returned = tuple(
            sum(period in came[user] for user in cohort) if named(now) > period else None
            for period in later
        )
        answer.append(Cohort(name, len(cohort), returned))
    return answer


@given(asked)
def test_each_cohort_counts_who_came_back(case: tuple[QuickRetentionQuestion, list[Event]]) -> None:
    question, log = case
    found = count_quick_retention(question.query, log, question.now)
    assert list(found) == second_opinion(question.query, log, question.now)


@given(asked)
def test_a_cohort_is_named_by_the_first_day_of_its_period(
    case: tuple[QuickRetentionQuestion, list[Event]],
) -> None:
    query = case[0].query
    for cohort, period in zip(count_quick_retention(query, [], FAR), query.periods(), strict=True):
        assert cohort.date == local_day(query.calendar.timezone, period.start)


@given(asked, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(
    case: tuple[QuickRetentionQuestion, list[Event]], random: Random
) -> None:
    question, log = case
    mixed = random.sample(log, len(log))
    assert count_quick_retention(question.query, mixed, question.now) == count_quick_retention(
        question.query, log, question.now
    )


@given(asked)
def test_the_same_events_twice_change_nothing(
    case: tuple[QuickRetentionQuestion, list[Event]],
) -> None:
    question, log = case
    assert count_quick_retention(question.query, log * 2, question.now) == count_quick_retention(
        question.query, log, question.now
    )


@given(asked)
def test_every_user_is_in_at_most_one_cohort_and_none_returns_more_than_all(
    case: tuple[QuickRetentionQuestion, list[Event]],
) -> None:
    question, log = case
    found = count_quick_retention(question.query, log, FAR)
    assert sum(cohort.size for cohort in found) <= len({event.user_id for event in log})
    for index, cohort in enumerate(found):
        assert cohort.returned[0] == cohort.size
        assert len(cohort.returned) == question.query.windows - index
        assert all(0 <= (count or 0) <= cohort.size for count in cohort.returned)


@given(asked)
def test_as_time_goes_by_cells_appear_and_never_change(
    case: tuple[QuickRetentionQuestion, list[Event]],
) -> None:
    question, log = case
    early = count_quick_retention(question.query, log, question.now)
    late = count_quick_retention(question.query, log, FAR)
    for before, after in zip(early, late, strict=True):
        assert before.size == after.size
        known = [count for count in before.returned if count is not None]
        assert tuple(known) == after.returned[: len(known)]
        assert set(before.returned[len(known) :]) <= {None}


@given(asked)
def test_more_windows_leave_the_earlier_columns_alone(
    case: tuple[QuickRetentionQuestion, list[Event]],
) -> None:
    question, log = case
    fewer = count_quick_retention(question.query, log, FAR)
    longer = msgspec.structs.replace(question.query, windows=question.query.windows + 1)
    for one, other in zip(fewer, count_quick_retention(longer, log, FAR), strict=False):
        assert one.returned == other.returned[:-1]


@given(asked, conditions())
def test_a_narrower_segment_has_no_more_users(
    case: tuple[QuickRetentionQuestion, list[Event]], condition: Condition
) -> None:
    question, log = case
    query = question.query
    narrower = msgspec.structs.replace(query, where=(*query.where, condition))
    less, more = count_quick_retention(narrower, log, FAR), count_quick_retention(query, log, FAR)
    assert sum(cohort.size for cohort in less) <= sum(cohort.size for cohort in more)


def event(user_id: str, at: datetime) -> Event:
    return Event(
        event_id=UUID(int=1), user_id=user_id, event_type="view", occurred_at=at, received_at=at
    )


def test_a_worked_example() -> None:
    first = datetime(2025, 8, 18, tzinfo=UTC)
    log = [
        event("early", first - timedelta(microseconds=1)),
        event("early", first + WEEK),
        event("ann", first),
        event("ann", first + WEEK),
        event("ann", first + 2 * WEEK),
        event("bob", first + WEEK - timedelta(microseconds=1)),
        event("bob", first + 2 * WEEK),
        event("eve", first + 2 * WEEK),
        event("late", first + 3 * WEEK),
    ]
    found = count_quick_retention(QuickRetentionQuery(start=MONDAY), log, FAR)
    assert found == (
        Cohort(date(2025, 8, 18), 2, (2, 1, 2)),
        Cohort(date(2025, 8, 25), 1, (1, 0)),
        Cohort(date(2025, 9, 1), 1, (1,)),
    )


@pytest.mark.parametrize(
    ("start", "period", "week_start", "first"),
    [
        ("2025-08-21", Interval.DAY, WeekStart.MONDAY, "2025-08-21"),
        ("2025-08-21", Interval.WEEK, WeekStart.MONDAY, "2025-08-18"),
        ("2025-08-21", Interval.WEEK, WeekStart.SUNDAY, "2025-08-17"),
        ("2025-08-24", Interval.WEEK, WeekStart.SUNDAY, "2025-08-24"),
        ("2025-08-21", Interval.MONTH, WeekStart.MONDAY, "2025-08-01"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York"])
def test_the_first_cohort_is_the_period_that_the_start_lies_in(
    zone: str, start: str, period: Interval, week_start: WeekStart, first: str
) -> None:
    calendar = Calendar(zone, week_start)
    query = QuickRetentionQuery(start=date.fromisoformat(start), period=period, calendar=calendar)
    assert count_quick_retention(query, [], FAR)[0].date == date.fromisoformat(first)


def test_a_cell_whose_period_is_not_over_is_none() -> None:
    query = QuickRetentionQuery(start=MONDAY, windows=2)
    first = datetime(2025, 8, 18, tzinfo=UTC)
    log = [event("ann", first), event("ann", first + WEEK)]
    tick = timedelta(microseconds=1)
    for now, columns in [
        (first, [(None, None), (None,)]),
        (first + WEEK - tick, [(None, None), (None,)]),
        (first + WEEK, [(1, None), (None,)]),
        (first + 2 * WEEK - tick, [(1, None), (None,)]),
        (first + 2 * WEEK, [(1, 1), (0,)]),
    ]:
        assert [cohort.returned for cohort in count_quick_retention(query, log, now)] == columns


def test_only_the_events_of_the_segment_make_and_keep_a_cohort() -> None:
    where = (Condition("$user_id", Operator.IN, ["bob"]),)
    first = datetime(2025, 8, 18, tzinfo=UTC)
    log = [event("ann", first), event("bob", first + WEEK)]
    found = count_quick_retention(
        QuickRetentionQuery(start=MONDAY, windows=2, where=where), log, FAR
    )
    assert [cohort.size for cohort in found] == [0, 1]


def test_the_counts_of_a_store_are_put_in_their_cells() -> None:
    query = QuickRetentionQuery(start=MONDAY, windows=3)
    counts = {(0, 0): 5, (0, 2): 3, (2, 0): 1}
    found = triangle(query, answer(query.question(), {0: 5, 2: 1}, counts, FAR))
    assert [(cohort.size, cohort.returned) for cohort in found] == [
        (5, (5, 0, 3)),
        (0, (0, 0)),
        (1, (1,)),
    ]


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ({"windows": 0}, "windows", "out_of_range"),
        ({"windows": 367}, "windows", "out_of_range"),
        ({"period": Interval.HOUR}, "period", "invalid_period"),
        ({"start": date(1969, 12, 31)}, "start_date", "date_out_of_range"),
        ({"start": date(9999, 1, 1)}, "start_date", "date_out_of_range"),
    ],
    ids=str,
)
def test_a_query_out_of_bounds_is_refused(query: dict[str, object], path: str, code: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        QuickRetentionQuery(**{"start": MONDAY, **query})  # type: ignore[arg-type]
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]


@pytest.mark.parametrize("windows", [1, 366])
def test_the_windows_at_the_bounds_are_taken(windows: int) -> None:
    query = QuickRetentionQuery(start=MONDAY, windows=windows, period=Interval.DAY)
    assert len(count_quick_retention(query, [], FAR)) == windows


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize(
    ("period", "longest"), [(Interval.DAY, 31), (Interval.WEEK, 4), (Interval.MONTH, 1)]
)
def test_windows_beyond_the_calendar_are_refused_and_others_answered(
    zone: str, period: Interval, longest: int
) -> None:
    def asked(windows: int) -> int:
        query = QuickRetentionQuery(
            start=date(9998, 12, 1), windows=windows, period=period, calendar=Calendar(zone)
        )
        return len(count_quick_retention(query, [], FAR))

    assert asked(longest) == longest
    for windows in (longest + 1, 366):
        with pytest.raises(InvalidQueryError) as caught:
            asked(windows)
        assert [(f.path, f.code) for f in caught.value.faults] == [("windows", "date_out_of_range")]
