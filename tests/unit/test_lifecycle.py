"""Lifecycle, against a second opinion that asks every user about every bucket."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.lifecycle import (
    LifecycleCell,
    LifecycleClass,
    LifecycleQuery,
    count_lifecycle,
    lifecycle_users,
)
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.lifecycle_strategies import LifecycleQuestion, lifecycle_questions
from eventanalytics.testing.strategies import distinct_event_logs, worlds

FAR = datetime(2100, 1, 1, tzinfo=UTC)
FIRST = date(2025, 8, 4)
THREE_DAYS = DateRange(FIRST, FIRST + timedelta(days=2))

asked = worlds().flatmap(
    lambda world: st.tuples(lifecycle_questions(world), distinct_event_logs(world))
)


def event(user_id: str, day: int, event_type: str = "view", hour: int = 12) -> Event:
    """Return an event so many days after the first."""
    at = datetime(2025, 8, 4, hour, tzinfo=UTC) + timedelta(days=day)
    return Event(
        event_id=UUID(int=hash((user_id, day, event_type, hour)) % 2**100),
        user_id=user_id,
        event_type=event_type,
        occurred_at=at,
        received_at=at,
    )


def members(query: LifecycleQuery, log: list[Event], cell: LifecycleCell) -> set[str]:
    """Ask every user what they are to the bucket."""
    matching = [
        e
        for e in log
        if all(c.matches(e) for c in query.where) and query.event in (None, e.event_type)
    ]
    buckets, within = query.buckets(), query.within()
    bucket = buckets[cell.bucket]

    def in_range(e: Event) -> bool:
        return within.since <= e.occurred_at < within.until

    if cell.bucket:
        previous = buckets[cell.bucket - 1]
        was = {
            e.user_id
            for e in matching
            if in_range(e) and previous.start <= e.occurred_at < previous.end
        }
    else:
        before = next(
            iter(
                query.calendar.buckets_from(
                    query.interval, bucket.start - timedelta(microseconds=1)
                )
            )
        )
        was = {e.user_id for e in matching if before.start <= e.occurred_at < before.end}
    here = [e for e in matching if in_range(e) and bucket.start <= e.occurred_at < bucket.end]
    now_active = {e.user_id for e in here}
    newcomers = set()
    for user in now_active:
        mine = [e for e in matching if e.user_id == user]
        earliest = min(e.occurred_at for e in mine)
        if any(e.occurred_at == earliest for e in here if e.user_id == user):
            newcomers.add(user)
    match cell.lifecycle:
        case LifecycleClass.NEW:
            return newcomers
        case LifecycleClass.RETURNING:
            return (now_active & was) - newcomers
        case LifecycleClass.RESURRECTING:
            return now_active - was - newcomers
        case LifecycleClass.DORMANT:
            return was - now_active


@given(asked)
def test_every_cell_counts_the_users_who_say_that_they_belong_to_it(
    case: tuple[LifecycleQuestion, list[Event]],
) -> None:
    question, log = case
    answer = count_lifecycle(question.query, log, question.now)
    for kind in LifecycleClass:
        numbers = getattr(answer, kind.value)
        assert numbers == tuple(
            len(members(question.query, log, LifecycleCell(kind, index)))
            for index in range(len(question.query.buckets()))
        )


@given(asked)
def test_the_users_of_a_cell_are_those_who_say_so_in_order(
    case: tuple[LifecycleQuestion, list[Event]],
) -> None:
    question, log = case
    users = lifecycle_users(question.query, question.cell, log, question.now)
    assert list(users) == sorted(members(question.query, log, question.cell))


@given(asked)
def test_the_active_of_a_bucket_return_or_are_dormant_in_the_next(
    case: tuple[LifecycleQuestion, list[Event]],
) -> None:
    question, log = case
    answer = count_lifecycle(question.query, log, question.now)
    active = [
        sum(classes)
        for classes in zip(answer.new, answer.returning, answer.resurrecting, strict=True)
    ]
    for before, returning, dormant in zip(
        active, answer.returning[1:], answer.dormant[1:], strict=False
    ):
        assert dormant == before - returning


@given(asked)
def test_the_order_in_which_events_come_changes_nothing(
    case: tuple[LifecycleQuestion, list[Event]],
) -> None:
    question, log = case
    query, now = question.query, question.now
    assert count_lifecycle(query, log[::-1], now) == count_lifecycle(query, log, now)


def test_each_class_once() -> None:
    log = [
        *(event("returning", day) for day in (-1, 0, 1, 2)),
        event("new", 1),
        event("resurrecting", -9),
        event("resurrecting", 1),
        event("gone before", -1),
    ]
    answer = count_lifecycle(LifecycleQuery(range=THREE_DAYS), log, FAR)
    assert answer.new == (0, 1, 0)
    assert answer.returning == (1, 1, 1)
    assert answer.resurrecting == (0, 1, 0)
    assert answer.dormant == (1, 0, 2)


def test_what_the_range_cuts_off_its_first_bucket_is_the_past_and_no_bucket() -> None:
    noon = datetime(2025, 8, 4, 12, tzinfo=UTC)
    query = LifecycleQuery(range=TimeRange(noon, noon + timedelta(days=1)))
    log = [event("ann", 0, hour=9), event("ann", 0, hour=12), event("bob", 0, hour=9)]
    log += [event("bob", 1, hour=9)]
    answer = count_lifecycle(query, log, FAR)
    assert (answer.new, answer.returning) == ((0, 0), (0, 0))
    assert (answer.resurrecting, answer.dormant) == ((1, 1), (0, 1))
    assert [bucket.complete for bucket in answer.buckets] == [False, False]


def test_a_bucket_that_is_not_over_is_not_complete() -> None:
    now = datetime(2025, 8, 6, tzinfo=UTC)
    answer = count_lifecycle(LifecycleQuery(range=THREE_DAYS), [], now)
    assert [bucket.complete for bucket in answer.buckets] == [True, True, False]


def test_a_day_that_the_zone_left_out_has_no_bucket() -> None:
    day = date(2011, 12, 30)
    query = LifecycleQuery(range=DateRange(day, day), calendar=Calendar("Pacific/Apia"))
    assert count_lifecycle(query, [event("ann", 0)], FAR).buckets == ()


@pytest.mark.parametrize("bucket", [-1, 3])
def test_a_cell_that_the_answer_does_not_have_is_refused(bucket: int) -> None:
    query = LifecycleQuery(range=THREE_DAYS, interval=Interval.DAY)
    with pytest.raises(InvalidQueryError) as refused:
        lifecycle_users(query, LifecycleCell(LifecycleClass.NEW, bucket), [], FAR)
    assert [(f.path, f.code) for f in refused.value.faults] == [("cell.bucket", "unknown_cell")]


def test_an_event_type_that_no_store_can_hold_is_refused() -> None:
    with pytest.raises(InvalidQueryError) as refused:
        msgspec.structs.replace(LifecycleQuery(range=THREE_DAYS), event="a\0")
    assert [(f.path, f.code) for f in refused.value.faults] == [("event", "nul_character")]
