"""Quick statistics, top events: which types happen most, and to how many users."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.time import Calendar, DateRange
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery, rank_event_types
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.oracles import local_day
from eventanalytics.testing.query_strategies import conditions, top_events_queries
from eventanalytics.testing.strategies import EVENT_TYPES, distinct_event_logs, worlds

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
TODAY = DateRange(NOON.date(), NOON.date())

asked = worlds().flatmap(
    lambda world: st.tuples(top_events_queries(world), distinct_event_logs(world))
)


def second_opinion(query: TopEventsQuery, log: list[Event]) -> list[tuple[str, int, int]]:
    """Ask for each known type by itself; take the best of what is left, one after another."""
    zone, left = query.calendar.timezone, []
    for event_type in EVENT_TYPES:
        found = [
            event.user_id
            for event in log
            if event.event_type == event_type
            and query.days.first <= local_day(zone, event.occurred_at) <= query.days.last
            and all(condition.matches(event) for condition in query.where)
        ]
        left.append((event_type, len(found), len(set(found))))
    ranked: list[tuple[str, int, int]] = []
    while left and len(ranked) < query.limit:
        most = max(count for _, count, _ in left)
        best = min(entry for entry in left if entry[1] == most)
        left.remove(best)
        ranked += [best] if most else []
        if not most:
            break
    return ranked


@given(asked)
def test_the_most_frequent_types_come_first(case: tuple[TopEventsQuery, list[Event]]) -> None:
    query, log = case
    found = [
        (entry.event_type, entry.count, entry.unique_users)
        for entry in rank_event_types(query, log)
    ]
    assert found == second_opinion(query, log)


@given(asked, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(
    case: tuple[TopEventsQuery, list[Event]], random: Random
) -> None:
    query, log = case
    assert rank_event_types(query, random.sample(log, len(log))) == rank_event_types(query, log)


@given(asked)
def test_a_smaller_limit_gives_the_beginning_of_a_greater_one(
    case: tuple[TopEventsQuery, list[Event]],
) -> None:
    query, log = case
    everything = rank_event_types(msgspec.structs.replace(query, limit=1000), log)
    assert rank_event_types(query, log) == everything[: query.limit]


@given(asked, conditions())
def test_a_narrower_segment_never_counts_more(
    case: tuple[TopEventsQuery, list[Event]], condition: Condition
) -> None:
    query, log = case
    query = msgspec.structs.replace(query, limit=1000)
    narrower = msgspec.structs.replace(query, where=(*query.where, condition))
    more = {entry.event_type: entry for entry in rank_event_types(query, log)}
    for less in rank_event_types(narrower, log):
        assert less.count <= more[less.event_type].count
        assert less.unique_users <= more[less.event_type].unique_users


def event(event_type: str, user_id: str = "ann", at: datetime = NOON) -> Event:
    return Event(
        event_id=UUID(int=1), user_id=user_id, event_type=event_type, occurred_at=at, received_at=at
    )


def test_ties_are_by_name_in_the_order_of_code_points() -> None:
    names = ["a", "B", "ä", "_", "Z", "aa", "~", "\uffff", "\N{GRINNING FACE}"]
    found = rank_event_types(TopEventsQuery(days=TODAY), [event(name) for name in names])
    assert [entry.event_type for entry in found] == [
        *("B", "Z", "_", "a", "aa", "~", "ä", "\uffff", "\N{GRINNING FACE}")
    ]


def test_users_do_not_decide_the_rank() -> None:
    log = [event("a", "ann"), event("a", "ann"), event("b", "ann"), event("b", "bob")]
    assert rank_event_types(TopEventsQuery(days=TODAY), log) == (
        EventTypeCount("a", 2, 1),
        EventTypeCount("b", 2, 2),
    )


def test_ten_types_are_named_when_nothing_else_is_asked_for() -> None:
    log = [event(f"type {i:02}") for i in range(12)]
    assert len(rank_event_types(TopEventsQuery(days=TODAY), log)) == 10


def test_the_days_are_those_of_the_zone_both_included() -> None:
    kyiv = Calendar("Europe/Kyiv")
    first = datetime(2025, 8, 20, 21, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    log = [
        event("before", at=first - tick),
        event("first", at=first),
        event("last", at=first + timedelta(days=1) - tick),
        event("after", at=first + timedelta(days=1)),
    ]
    days = DateRange(date(2025, 8, 21), date(2025, 8, 21))
    found = rank_event_types(TopEventsQuery(days=days, calendar=kyiv), log)
    assert [entry.event_type for entry in found] == ["first", "last"]


def test_only_the_events_of_the_segment_count() -> None:
    where = (Condition("$user_id", Operator.NEQ, "ann"),)
    log = [event("a", "ann"), event("b", "bob")]
    found = rank_event_types(TopEventsQuery(days=TODAY, where=where), log)
    assert found == (EventTypeCount("b", 1, 1),)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_out_of_bounds_is_refused(limit: int) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        TopEventsQuery(days=TODAY, limit=limit)
    assert [(f.path, f.code) for f in caught.value.faults] == [("limit", "out_of_range")]


@pytest.mark.parametrize("limit", [1, 1000])
def test_a_limit_within_bounds_is_taken(limit: int) -> None:
    assert TopEventsQuery(days=TODAY, limit=limit).limit == limit
