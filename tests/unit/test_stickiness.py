"""Stickiness, against a second opinion that asks every user about every bucket."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.stickiness import (
    StickinessCell,
    StickinessCount,
    StickinessQuery,
    count_stickiness,
    stickiness_users,
)
from eventanalytics.domain.time import DateRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.lifecycle_strategies import StickinessQuestion, stickiness_questions
from eventanalytics.testing.strategies import distinct_event_logs, worlds

FAR = datetime(2100, 1, 1, tzinfo=UTC)
FIRST = date(2025, 8, 4)
THREE_DAYS = DateRange(FIRST, FIRST + timedelta(days=2))

asked = worlds().flatmap(
    lambda world: st.tuples(stickiness_questions(world), distinct_event_logs(world))
)


def event(user_id: str, day: int, event_type: str = "view") -> Event:
    at = datetime(2025, 8, 4, 12, tzinfo=UTC) + timedelta(days=day)
    return Event(
        event_id=UUID(int=hash((user_id, day, event_type)) % 2**100),
        user_id=user_id,
        event_type=event_type,
        occurred_at=at,
        received_at=at,
    )


def active_buckets(query: StickinessQuery, log: list[Event], user: str) -> int:
    """Go through the buckets and ask the user: were you there?"""
    within = query.within()
    mine = [
        e.occurred_at
        for e in log
        if e.user_id == user
        and query.event in (None, e.event_type)
        and all(c.matches(e) for c in query.where)
        and within.since <= e.occurred_at < within.until
    ]
    return sum(any(b.start <= at < b.end for at in mine) for b in query.buckets())


@given(asked)
def test_users_are_counted_by_the_buckets_that_they_were_active_in(
    case: tuple[StickinessQuestion, list[Event]],
) -> None:
    question, log = case
    numbers = [active_buckets(question.query, log, u) for u in {e.user_id for e in log}]
    answer = count_stickiness(question.query, log, question.now)
    assert len(answer.exactly) == len(answer.at_least) == len(question.query.buckets())
    for index, (exactly, at_least) in enumerate(zip(answer.exactly, answer.at_least, strict=True)):
        assert exactly == numbers.count(index + 1)
        assert at_least == sum(number > index for number in numbers)


@given(asked)
def test_the_users_of_a_cell_are_those_with_so_many_buckets(
    case: tuple[StickinessQuestion, list[Event]],
) -> None:
    question, log = case
    cell = question.cell
    users = stickiness_users(question.query, cell, log, question.now)
    expected = []
    for user in sorted({e.user_id for e in log}):
        number = active_buckets(question.query, log, user)
        exact = cell.count is StickinessCount.EXACTLY
        if number == cell.buckets or (not exact and number > cell.buckets):
            expected.append(user)
    assert list(users) == expected


def test_each_number_of_buckets() -> None:
    log = [event("one", 0), event("one", 0, "buy"), event("three", 0), event("three", 1)]
    log += [event("three", 2), event("before", -1), event("after", 3)]
    answer = count_stickiness(StickinessQuery(range=THREE_DAYS), log, FAR)
    assert (answer.exactly, answer.at_least) == ((1, 0, 1), (2, 1, 1))
    of_type = count_stickiness(StickinessQuery(range=THREE_DAYS, event="buy"), log, FAR)
    assert of_type.exactly == (1, 0, 0)


@pytest.mark.parametrize("buckets", [0, 4])
def test_a_cell_that_the_answer_does_not_have_is_refused(buckets: int) -> None:
    with pytest.raises(InvalidQueryError) as refused:
        stickiness_users(StickinessQuery(range=THREE_DAYS), StickinessCell(buckets), [], FAR)
    assert [(f.path, f.code) for f in refused.value.faults] == [("cell.buckets", "unknown_cell")]


def test_an_event_type_that_no_store_can_hold_is_refused() -> None:
    with pytest.raises(InvalidQueryError) as refused:
        StickinessQuery(range=THREE_DAYS, event="a\0")
    assert [(f.path, f.code) for f in refused.value.faults] == [("event", "nul_character")]
