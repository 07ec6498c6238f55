"""Quick statistics, DAU: the distinct users of each local day."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.daily_users import (
    DailyUsers,
    DailyUsersQuery,
    count_daily_users,
    daily_users,
)
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.time import Calendar, DateRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.oracles import exists, local_day
from eventanalytics.testing.query_strategies import conditions, daily_users_queries
from eventanalytics.testing.strategies import distinct_event_logs, worlds

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)

asked = worlds().flatmap(
    lambda world: st.tuples(daily_users_queries(world), distinct_event_logs(world))
)


def second_opinion(query: DailyUsersQuery, log: list[Event]) -> list[tuple[date, int]]:
    """Look at each event's wall clock, and put its user into the set of that day."""
    zone = query.calendar.timezone
    users: dict[date, set[str]] = defaultdict(set)
    for event in log:
        if all(condition.matches(event) for condition in query.where):
            users[local_day(zone, event.occurred_at)].add(event.user_id)
    span = (query.days.last - query.days.first).days
    days = [query.days.first + i * DAY for i in range(span + 1)]
    return [(day, len(users[day])) for day in days if exists(zone, day)]


@given(asked)
def test_each_day_counts_its_distinct_users(case: tuple[DailyUsersQuery, list[Event]]) -> None:
    query, log = case
    found = [(day.date, day.unique_users) for day in count_daily_users(query, log)]
    assert found == second_opinion(query, log)


@given(asked, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(
    case: tuple[DailyUsersQuery, list[Event]], random: Random
) -> None:
    query, log = case
    mixed = random.sample(log, len(log))
    assert count_daily_users(query, mixed) == count_daily_users(query, log)


@given(asked)
def test_the_same_events_twice_change_nothing(
    case: tuple[DailyUsersQuery, list[Event]],
) -> None:
    query, log = case
    assert count_daily_users(query, log + log) == count_daily_users(query, log)


@given(asked, conditions())
def test_a_narrower_segment_never_counts_more(
    case: tuple[DailyUsersQuery, list[Event]], condition: Condition
) -> None:
    query, log = case
    narrower = msgspec.structs.replace(query, where=(*query.where, condition))
    for less, more in zip(
        count_daily_users(narrower, log), count_daily_users(query, log), strict=True
    ):
        assert less.unique_users <= more.unique_users


@given(asked, conditions())
def test_a_segment_and_its_opposite_have_every_user_between_them(
    case: tuple[DailyUsersQuery, list[Event]], condition: Condition
) -> None:
    query, log = case
    matching = [event for event in log if condition.matches(event)]
    others = [event for event in log if not condition.matches(event)]
    for some, rest, both in zip(
        *(count_daily_users(query, part) for part in (matching, others, log)), strict=True
    ):
        assert both.unique_users <= some.unique_users + rest.unique_users
        assert both.unique_users >= max(some.unique_users, rest.unique_users)


def event(user_id: str, at: datetime) -> Event:
    return Event(
        event_id=UUID(int=1), user_id=user_id, event_type="view", occurred_at=at, received_at=at
    )


def test_a_day_is_that_of_the_zone() -> None:
    log = [event("ann", datetime(2025, 8, 21, 22, tzinfo=UTC))]
    days = DateRange(date(2025, 8, 21), date(2025, 8, 22))
    in_utc = count_daily_users(DailyUsersQuery(days=days), log)
    kyiv = Calendar("Europe/Kyiv")
    in_kyiv = count_daily_users(DailyUsersQuery(days=days, calendar=kyiv), log)
    assert [day.unique_users for day in in_utc] == [1, 0]
    assert [day.unique_users for day in in_kyiv] == [0, 1]


def test_a_user_counts_once_a_day_and_again_on_the_next() -> None:
    log = [event("ann", NOON), event("ann", NOON), event("bob", NOON), event("ann", NOON + DAY)]
    query = DailyUsersQuery(days=DateRange(NOON.date(), NOON.date() + DAY))
    assert count_daily_users(query, log) == (
        DailyUsers(date(2025, 8, 21), 2),
        DailyUsers(date(2025, 8, 22), 1),
    )


def test_only_the_events_of_the_segment_count() -> None:
    log = [event("ann", NOON), event("bob", NOON)]
    where = (Condition("$user_id", Operator.EQ, "bob"),)
    query = DailyUsersQuery(days=DateRange(NOON.date(), NOON.date()), where=where)
    assert count_daily_users(query, log) == (DailyUsers(NOON.date(), 1),)


def test_every_day_is_listed_empty_ones_too() -> None:
    query = DailyUsersQuery(days=DateRange(date(2024, 2, 28), date(2024, 3, 1)))
    found = daily_users(query, {1: 5})
    assert [(day.date.isoformat(), day.unique_users) for day in found] == [
        ("2024-02-28", 0),
        ("2024-02-29", 5),
        ("2024-03-01", 0),
    ]


def test_a_day_that_a_zone_left_out_is_not_listed() -> None:
    days = DateRange(date(2011, 12, 29), date(2011, 12, 31))
    found = daily_users(DailyUsersQuery(days=days, calendar=Calendar("Pacific/Apia")), {})
    assert [day.date.day for day in found] == [29, 31]


def test_more_than_ten_thousand_days_are_refused() -> None:
    query = DailyUsersQuery(days=DateRange(date(1970, 1, 1), date(1970, 1, 1) + 10_000 * DAY))
    with pytest.raises(InvalidQueryError) as caught:
        count_daily_users(query, [])
    assert [fault.code for fault in caught.value.faults] == ["too_many_buckets"]
