"""Hypothesis strategies of trends: questions about a world, cells of their answers, measured logs.

The logs have one property that is often a number, and one of few values of every type.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import (
    ALL,
    NONE,
    OTHER,
    Breakdown,
    Group,
    group_of_value,
)
from eventanalytics.domain.events import Event
from eventanalytics.domain.json_values import JSONValue, Properties, canonical_properties
from eventanalytics.domain.selection import QueryRange
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics.testing.json_strategies import numbers, scalars
from eventanalytics.testing.query_strategies import conditions, date_ranges
from eventanalytics.testing.strategies import EVENT_TYPES, USER_IDS, World, event_logs, events

_VALUES: Final[tuple[JSONValue, ...]] = (
    *("a", "b", "B", "", "1", 1, 1.0, True, "true", None),
    *({"a": [1]}, {"bb": 1, "a": 2}, [1, "a"], '{"a": [1]}', 0.5, 1e-7, 1e300, 2**60),
)
_COLLIDING: Final[tuple[JSONValue, ...]] = (None, '{"a": [1]}', {"a": [1]}, 1, "1")
_SMALL_NUMBERS: Final = st.sampled_from((1, 2, 2.5, 0.1, 0.2, 0.7, -3, 10))
_NAMES: Final = st.sampled_from(("b", "b", "a", "a.b", "$user_id", "$event_type", "c"))
_KYIV: Final = Calendar("Europe/Kyiv")
_FIRST_DAY: Final = date(2025, 2, 24)  # 34 days before the clocks of Kyiv are changed
_OPERANDS: Final = ("A", "B", "C", "100", "0", "0.5")


class TrendsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A trend, when it is asked, and a page of the users of one of its cells."""

    query: TrendsQuery
    now: datetime
    cell: TrendsCell
    after: str | None
    limit: int


@st.composite
def measured_events(draw: st.DrawFn, world: World) -> Event:
    """Draw events with a property that is often a number, and one of few values."""
    properties: Properties = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "a": st.one_of(_SMALL_NUMBERS, _SMALL_NUMBERS, numbers, scalars),
                "b": st.sampled_from(_VALUES) | st.sampled_from(_COLLIDING),
            },
        )
    )
    return msgspec.structs.replace(draw(events(world)), properties=canonical_properties(properties))


def measured_logs(world: World, *, max_size: int = 12) -> st.SearchStrategy[list[Event]]:
    """Draw logs of *world*, in most of which there is something to measure."""
    measured = st.lists(measured_events(world), min_size=min(max_size, 5), max_size=max_size)
    return st.one_of(measured, measured, measured, event_logs(world, max_size=max_size))


@st.composite
def trends_series(draw: st.DrawFn) -> TrendsSeries:
    """Draw series of every measure, mostly of any event."""
    measure = draw(st.sampled_from(Measure))
    return TrendsSeries(
        event=draw(st.none() | st.sampled_from(EVENT_TYPES)),
        where=draw(st.just(()) | st.just(()) | st.tuples(conditions())),
        measure=measure,
        property=draw(st.sampled_from(("a", "a", "a", "b", "a.b")))
        if measure.of_property
        else None,
    )


@st.composite
def formulas(draw: st.DrawFn, letters: str) -> str:
    """Draw formulas of one to three operations over *letters*, some of them without a value."""
    operands = st.sampled_from([one for one in _OPERANDS if one in letters or one[0].isdigit()])
    text = draw(operands)
    for _ in range(draw(st.integers(1, 3))):
        sign, operand = draw(st.sampled_from("+-*/")), draw(operands)
        text = draw(st.sampled_from((f"{text} {sign} {operand}", f"-({text}){sign}{operand}")))
    return text


@st.composite
def trends_queries(draw: st.DrawFn, world: World) -> TrendsQuery:
    """Draw questions of one to three series about *world*, cut in buckets of every length."""
    series = tuple(draw(st.lists(trends_series(), min_size=1, max_size=3)))
    interval = draw(st.sampled_from(Interval))
    return TrendsQuery(
        range=draw(_ranges(world, interval)),
        calendar=world.calendar,
        where=draw(st.just(()) | st.just(()) | st.tuples(conditions())),
        series=series,
        interval=interval,
        formula=draw(st.none() | formulas("ABC"[: len(series)])),
        breakdown=draw(st.none() | st.builds(Breakdown, _NAMES, st.integers(1, 3))),
        compare=draw(st.booleans()),
    )


@st.composite
def trends_questions(draw: st.DrawFn, world: World) -> TrendsQuestion:
    """Draw questions about *world*, asked when something happens there or when a bucket is over.

    The last series of each, often the only one, counts users; the cell is one of its.
    """
    query = draw(trends_queries(world))
    ends = [bucket.end for bucket in query.buckets()]
    counting = [one for one in Measure if one.counts_users and (ends or one.days is None)]
    measure = draw(st.sampled_from([Measure.EVENTS, *counting]))
    last = TrendsSeries(event=draw(st.none() | st.sampled_from(EVENT_TYPES)), measure=measure)
    if draw(st.booleans()):
        query = msgspec.structs.replace(query, series=(*query.series, last))
    else:
        query = msgspec.structs.replace(query, series=(last,), formula=None)
    buckets = [*range(len(ends)), *([None] if measure.days is None else [])]
    return TrendsQuestion(
        query=query,
        now=draw(st.sampled_from([*world.instants, *ends])),
        cell=TrendsCell(
            series=query.labels[-1],
            bucket=draw(st.sampled_from(buckets)),
            group=ALL if query.breakdown is None else draw(_groups()),
        ),
        after=draw(st.none() | st.sampled_from((*USER_IDS, "", "B"))),
        limit=draw(st.integers(1, 3)),
    )


@st.composite
def active_logs(draw: st.DrawFn) -> list[Event]:
    """Draw logs of two users who come back day after day, at the ends of days too."""
    moments = st.tuples(
        st.integers(0, 45),
        st.sampled_from((timedelta(0), timedelta(microseconds=-1), timedelta(hours=12))),
        st.sampled_from(USER_IDS[:2]),
        st.sampled_from(("x", "y", None)),
    )
    found: list[Event] = []
    for number, (day, later, user, value) in enumerate(
        draw(st.lists(moments, min_size=2, max_size=12))
    ):
        at = _KYIV.start_of_day(_FIRST_DAY + timedelta(days=day)) + later
        found.append(
            Event(
                event_id=UUID(int=number),
                user_id=user,
                event_type="view",
                occurred_at=at,
                received_at=at,
                properties={"b": value},
            )
        )
    return found


@st.composite
def active_queries(draw: st.DrawFn) -> TrendsQuery:
    """Draw questions for the active users of such logs: their windows overlap, and hold much."""
    first = draw(st.integers(0, 40))
    last = draw(st.integers(first, 47))
    interval = draw(st.sampled_from((Interval.DAY, Interval.DAY, Interval.WEEK, Interval.MONTH)))
    active = [one for one in Measure if one.days is not None]
    return TrendsQuery(
        range=DateRange(_FIRST_DAY + timedelta(days=first), _FIRST_DAY + timedelta(days=last)),
        calendar=_KYIV,
        interval=interval,
        series=tuple(TrendsSeries(measure=measure) for measure in active),
        breakdown=draw(st.none() | st.builds(Breakdown, st.just("b"), st.integers(1, 2))),
    )


@st.composite
def number_logs(draw: st.DrawFn) -> list[Event]:
    """Draw logs of three days with many numbers under one property, some of them equal."""
    amounts = st.one_of(_SMALL_NUMBERS, _SMALL_NUMBERS, _SMALL_NUMBERS, numbers, scalars)
    events = st.tuples(st.integers(0, 2), amounts, st.sampled_from(("x", "y", None)))
    return [
        Event(
            event_id=UUID(int=number),
            user_id=USER_IDS[0],
            event_type="buy",
            occurred_at=_KYIV.start_of_day(_FIRST_DAY + timedelta(days=day)),
            received_at=_KYIV.start_of_day(_FIRST_DAY),
            properties=canonical_properties({"a": amount, "b": value}),
        )
        for number, (day, amount, value) in enumerate(
            draw(st.lists(events, min_size=4, max_size=24))
        )
    ]


def number_queries() -> st.SearchStrategy[TrendsQuery]:
    """Draw questions for all that is measured of a property, about the first two of those days."""
    return st.builds(
        TrendsQuery,
        range=st.just(DateRange(_FIRST_DAY, _FIRST_DAY + timedelta(days=1))),
        calendar=st.just(_KYIV),
        series=st.just(
            tuple(TrendsSeries(measure=one, property="a") for one in Measure if one.of_property)
        ),
        breakdown=st.none() | st.builds(Breakdown, st.just("b"), st.integers(1, 2)),
    )


def _groups() -> st.SearchStrategy[Group]:
    values = st.sampled_from(_VALUES).map(group_of_value)
    return st.one_of(st.sampled_from((ALL, NONE, OTHER, OTHER)), values)


@st.composite
def _ranges(draw: st.DrawFn, world: World, interval: Interval) -> QueryRange:
    """Draw days or instants of *world*; where buckets are hours, at most two days."""
    if draw(st.booleans()):
        days = draw(date_ranges(world))
        if interval is Interval.HOUR:
            return DateRange(days.first, min(days.last, days.first + timedelta(days=1)))
        return days
    since = draw(st.sampled_from(world.instants))
    longest = timedelta(days=2 if interval is Interval.HOUR else 60)
    ends = [one for one in world.instants if since < one <= since + longest]
    until = draw(st.sampled_from([*ends, since + timedelta(microseconds=1), since + longest / 3]))
    return TimeRange(since, until)
