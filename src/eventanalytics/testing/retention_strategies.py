"""Hypothesis strategies of questions about retention.

They are about a `World` of `eventanalytics.testing.strategies`.
"""

from datetime import datetime, timedelta

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.retention_query import (
    RetentionCell,
    RetentionKind,
    RetentionMode,
    RetentionQuery,
)
from eventanalytics.domain.selection import EventSelector, QueryRange
from eventanalytics.domain.time import Interval, TimeRange
from eventanalytics.testing.query_strategies import conditions, date_ranges
from eventanalytics.testing.strategies import EVENT_TYPES, World

_MICROSECOND = timedelta(microseconds=1)


class RetentionQuestion(msgspec.Struct, frozen=True):
    """A query, when it is asked, and a cell of its answer with a page of its users."""

    query: RetentionQuery
    now: datetime
    cell: RetentionCell
    after: str | None
    limit: int


@st.composite
def ranges(draw: st.DrawFn, world: World) -> QueryRange:
    """Draw a range of local days, or of instants at which something happens, or just after."""
    if draw(st.booleans()):
        return draw(date_ranges(world))
    since, until = sorted((draw(_ends(world)), draw(_ends(world))))
    return TimeRange(since, until if since < until else until + _MICROSECOND)


def selectors() -> st.SearchStrategy[EventSelector]:
    """Draw selectors: any event or one type, sometimes with a condition."""
    where = st.just(()) | st.tuples(conditions())
    return st.builds(EventSelector, st.none() | st.sampled_from(EVENT_TYPES), where)


@st.composite
def retention_queries(draw: st.DrawFn, world: World) -> RetentionQuery:
    """Draw queries; in about half of them a start is a return."""
    start = draw(selectors())
    wanted = draw(ranges(world))
    interval = draw(st.sampled_from((Interval.DAY, Interval.WEEK, Interval.MONTH)))
    if isinstance(wanted, TimeRange) and wanted.until - wanted.since < timedelta(days=4):
        interval = draw(st.sampled_from(Interval))
    return RetentionQuery(
        range=wanted,
        calendar=world.calendar,
        where=draw(st.just(()) | st.tuples(conditions())),
        period=interval,
        periods=draw(st.integers(0, 5)),
        start=start,
        returning=draw(st.just(start) | selectors()),
        kind=draw(st.sampled_from(RetentionKind)),
        mode=draw(st.sampled_from(RetentionMode)),
    )


@st.composite
def retention_questions(draw: st.DrawFn, world: World) -> RetentionQuestion:
    """Draw a query and an instant: one of the world's, or one when a period is just over."""
    query = draw(retention_queries(world).filter(lambda query: bool(query.buckets())))
    now = draw(st.sampled_from([*world.instants, *(bucket.end for bucket in query.buckets())]))
    cohort = draw(st.integers(0, query.cohort_count() - 1))
    over = [
        column
        for column in range(query.periods + 1)
        if query.buckets()[cohort + column].is_over(now)
    ]
    return RetentionQuestion(
        query,
        now,
        RetentionCell(cohort, draw(st.sampled_from([None, *over]))),
        draw(st.none() | st.sampled_from(("", "01", "1", "Ann", "b"))),
        draw(st.integers(1, 4)),
    )


def _ends(world: World) -> st.SearchStrategy[datetime]:
    return st.sampled_from([*world.instants, *(i + _MICROSECOND for i in world.instants)])
