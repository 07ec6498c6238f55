"""Hypothesis strategies of conditions, filters and questions about a world.

They ask for what the events of `eventanalytics.testing.strategies` are made of, so that a question
is rarely about nothing.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from eventanalytics.domain.daily_users import DailyUsersQuery
from eventanalytics.domain.filters import EVENT_TYPE, Condition, EventFilter, Operator
from eventanalytics.domain.quick_retention import QuickRetentionQuery
from eventanalytics.domain.time import DateRange, Interval
from eventanalytics.domain.top_events import TopEventsQuery
from eventanalytics.testing.json_strategies import PROPERTY_NAMES, numbers, scalars, texts
from eventanalytics.testing.strategies import EVENT_TYPES, USER_IDS, World

_ORDERS = (Operator.GT, Operator.GTE, Operator.LT, Operator.LTE)
_NAMES = st.sampled_from(("a", "a.b", "$user_id", "$event_type", "b")) | st.sampled_from(
    PROPERTY_NAMES
)


def operands(op: Operator) -> st.SearchStrategy[Any]:
    """Draw values that *op* can be asked with."""
    ours = st.sampled_from((*USER_IDS, *EVENT_TYPES, 1))
    known = st.one_of(scalars, ours).filter(lambda value: value is not None)
    if op.positive is Operator.IS_SET:
        return st.none()
    if op.positive is Operator.IN:
        return st.lists(known, max_size=3)
    if op.positive is Operator.EQ:
        return known
    return numbers if op in _ORDERS else texts | st.sampled_from(("n", "1", "A", "uy"))


def conditions(op: Operator | None = None) -> st.SearchStrategy[Condition]:
    """Draw conditions with every operator, or with *op* alone."""
    ops = st.sampled_from(Operator) if op is None else st.just(op)
    return ops.flatmap(lambda op: st.builds(Condition, _NAMES, st.just(op), operands(op)))


segments: st.SearchStrategy[tuple[Condition, ...]] = st.lists(conditions(), max_size=2).map(tuple)
"""At most two conditions; as often as not none."""

of_one_type: st.SearchStrategy[tuple[Condition, ...]] = st.sampled_from(EVENT_TYPES).map(
    lambda event_type: (Condition(EVENT_TYPE, Operator.EQ, event_type),)
)
"""The condition that stores have an index for."""


@st.composite
def event_filters(draw: st.DrawFn, world: World) -> EventFilter:
    """Draw filters, each part of them there or not; their times are instants of *world*."""
    instants = st.none() | st.sampled_from(world.instants)
    return EventFilter(
        user_id=draw(st.none() | st.sampled_from((*USER_IDS, "nobody", "%"))),
        event_type=draw(st.none() | st.sampled_from((*EVENT_TYPES, "nothing", "_"))),
        since=draw(instants),
        until=draw(instants),
        where=draw(segments),
    )


@st.composite
def date_ranges(draw: st.DrawFn, world: World) -> DateRange:
    """Draw ranges that begin and end at most a day beside days of *world*."""
    near = [day + timedelta(days=beside) for day in world.days for beside in (0, -1, 1)]
    first, last = sorted(draw(st.tuples(st.sampled_from(near), st.sampled_from(near))))
    return DateRange(first, last)


def daily_users_queries(world: World) -> st.SearchStrategy[DailyUsersQuery]:
    """Draw questions for the daily users of *world*."""
    return st.builds(
        DailyUsersQuery,
        days=date_ranges(world),
        calendar=st.just(world.calendar),
        where=segments | of_one_type,
    )


def top_events_queries(world: World) -> st.SearchStrategy[TopEventsQuery]:
    """Draw questions for the top events of *world*; the limit often cuts through a tie."""
    return st.builds(
        TopEventsQuery,
        days=date_ranges(world),
        limit=st.integers(1, 3),
        calendar=st.just(world.calendar),
        where=segments,
    )


def quick_retention_queries(world: World) -> st.SearchStrategy[QuickRetentionQuery]:
    """Draw questions for the retention of *world*, of one to five days, weeks or months."""
    return st.builds(
        QuickRetentionQuery,
        start=date_ranges(world).map(lambda days: days.first),
        windows=st.integers(1, 5),
        period=st.sampled_from((Interval.DAY, Interval.WEEK, Interval.MONTH)),
        calendar=st.just(world.calendar),
        where=segments,
    )
