"""Hypothesis strategies of funnels: questions about a world, cells of their answers, journeys."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import ALL, NONE, OTHER, Group, GroupKind, group_of_value
from eventanalytics.domain.events import Event
from eventanalytics.domain.funnel_query import (
    Attribution,
    Exclusion,
    FunnelBreakdown,
    FunnelCell,
    FunnelOrder,
    FunnelOutcome,
    FunnelQuery,
)
from eventanalytics.domain.json_values import JSONValue
from eventanalytics.domain.selection import EventSelector, QueryRange
from eventanalytics.domain.time import TimeRange
from eventanalytics.testing.json_strategies import scalars
from eventanalytics.testing.query_strategies import conditions, date_ranges, segments
from eventanalytics.testing.strategies import EVENT_TYPES, USER_IDS, World, event_logs, events

_VALUES: Final[tuple[JSONValue, ...]] = (1, "1", True, "a", None, 1.0, [1], 0.5)


class FunnelQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A funnel, when it is asked, and a page of the users of one of its cells."""

    query: FunnelQuery
    now: datetime
    cell: FunnelCell
    after: str | None
    limit: int


@st.composite
def busy_events(
    draw: st.DrawFn,
    world: World,
    users: Sequence[str] = USER_IDS[:2],
    values: Sequence[JSONValue] = _VALUES,
) -> Event:
    """Draw events of few users, with one property of few values, or without it."""
    return msgspec.structs.replace(
        draw(events(world)),
        user_id=draw(st.sampled_from(users)),
        properties=draw(st.fixed_dictionaries({}, optional={"a": st.sampled_from(values)})),
    )


def grouped_logs(world: World) -> st.SearchStrategy[list[Event]]:
    """Draw logs in which four users share few values, some of them alike in text."""
    shared = busy_events(world, USER_IDS, (1, "1", "", None))
    return st.lists(shared, min_size=8, max_size=20, unique_by=lambda event: event.event_id)


def tied_logs(world: World) -> st.SearchStrategy[list[Event]]:
    """Draw logs in which two users do much at few instants: the order of ties tells what counts."""
    few = msgspec.structs.replace(world, instants=world.instants[:3])
    tied = busy_events(few, USER_IDS[:2], (1, "1"))
    return st.lists(tied, min_size=6, max_size=16, unique_by=lambda event: event.event_id)


def journey_logs(world: World, *, max_size: int = 12) -> st.SearchStrategy[list[Event]]:
    """Draw logs of *world*; in most of them two users do much: journeys of several steps."""
    busy = st.lists(busy_events(world), min_size=min(max_size, 6), max_size=max_size)
    return st.one_of(busy, busy, busy, event_logs(world, max_size=max_size))


def selectors() -> st.SearchStrategy[EventSelector]:
    """Draw event types, sometimes any, mostly without conditions."""
    some = st.sampled_from(EVENT_TYPES)
    plain = st.builds(EventSelector, some)
    return st.one_of(
        *(plain, plain, plain, st.just(EventSelector())),
        st.builds(EventSelector, st.none() | some, st.lists(conditions(), max_size=1).map(tuple)),
    )


def windows(world: World) -> st.SearchStrategy[int]:
    """Draw windows of whole seconds; many end just when something happens in *world*."""
    gaps = {
        abs(one - other) // timedelta(seconds=1)
        for one in world.instants
        for other in world.instants
    }
    fitting = sorted(gap for gap in gaps if gap > 0) or [1]
    return st.sampled_from(fitting[::-1]) | st.sampled_from((70 * 86_400, 86_400, 3600, 1))


@st.composite
def ranges(draw: st.DrawFn, world: World) -> QueryRange:
    """Draw ranges: all that happens, or of days, or of instants at which something happens."""
    first, last = min(world.instants), max(world.instants)
    everything = TimeRange(first, last + timedelta(microseconds=1))
    pairs = st.tuples(st.sampled_from(world.instants), st.sampled_from(world.instants))
    between = pairs.filter(lambda pair: pair[0] < pair[1]).map(lambda pair: TimeRange(*pair))
    some = date_ranges(world) if first == last else date_ranges(world) | between
    return draw(st.just(everything) | some)


@st.composite
def funnel_queries(draw: st.DrawFn, world: World) -> FunnelQuery:
    """Draw funnels of two to four steps, with every order, exclusions and breakdowns."""
    different = st.permutations(EVENT_TYPES).map(lambda names: [EventSelector(n) for n in names])
    any_steps = st.lists(selectors(), min_size=2, max_size=4)
    steps = tuple(draw(different | any_steps))
    return FunnelQuery(
        range=draw(ranges(world)),
        calendar=world.calendar,
        where=draw(st.one_of(st.just(()), st.just(()), segments)),
        steps=steps,
        order=draw(st.sampled_from(FunnelOrder)),
        window_seconds=draw(windows(world)),
        exclusions=tuple(draw(st.just([]) | st.lists(exclusions(len(steps)), max_size=2))),
        breakdown=draw(st.none() | breakdowns(len(steps))),
    )


@st.composite
def grouped_funnel_queries(draw: st.DrawFn, world: World) -> FunnelQuery:
    """Draw funnels with a breakdown and little else, so that many users are in their groups."""
    first, last = min(world.instants), max(world.instants)
    steps = draw(st.lists(st.sampled_from(EVENT_TYPES), min_size=2, max_size=3))
    return FunnelQuery(
        range=TimeRange(first, last + timedelta(microseconds=1)),
        steps=tuple(map(EventSelector, steps)),
        order=draw(st.sampled_from(FunnelOrder)),
        window_seconds=draw(st.just(70 * 86_400) | windows(world)),
        breakdown=draw(breakdowns(len(steps))),
    )


@st.composite
def excluding_funnel_queries(draw: st.DrawFn, world: World) -> FunnelQuery:
    """Draw funnels with exclusions among few event types, so that they often end an attempt."""
    first, last = min(world.instants), max(world.instants)
    types = st.sampled_from((*EVENT_TYPES[:2], *EVENT_TYPES, None))
    steps = tuple(EventSelector(draw(types)) for _ in range(draw(st.sampled_from((3, 2, 4)))))
    excluded: list[Exclusion] = []
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        from_step = draw(st.integers(1, len(steps) - 1))
        to_step = draw(st.integers(from_step + 1, len(steps)))
        excluded.append(Exclusion(draw(types), (), from_step, to_step))
    return FunnelQuery(
        range=TimeRange(first, last + timedelta(microseconds=1)),
        steps=steps,
        order=draw(st.sampled_from((FunnelOrder.ORDERED, *FunnelOrder))),
        window_seconds=70 * 86_400,
        exclusions=tuple(excluded),
    )


@st.composite
def plain_funnel_queries(draw: st.DrawFn, world: World) -> FunnelQuery:
    """Draw funnels of different event types without anything else, at most a breakdown."""
    first, last = min(world.instants), max(world.instants)
    steps = draw(st.permutations(EVENT_TYPES))[: draw(st.sampled_from((3, 2)))]
    return FunnelQuery(
        range=TimeRange(first, last + timedelta(microseconds=1)),
        steps=tuple(map(EventSelector, steps)),
        order=draw(st.sampled_from((FunnelOrder.ORDERED, FunnelOrder.UNORDERED))),
        window_seconds=draw(st.just(70 * 86_400) | windows(world)),
        breakdown=draw(st.none() | breakdowns(len(steps))),
    )


def breakdowns(steps: int) -> st.SearchStrategy[FunnelBreakdown]:
    """Draw breakdowns of so many steps; the limit often cuts through a tie."""
    return st.builds(
        FunnelBreakdown,
        property=st.sampled_from(("a", "a", "a", "$event_type", "b")),
        limit=st.integers(1, 3),
        attribution=st.sampled_from((Attribution.ALL, *Attribution)),
        step=st.integers(1, steps),
    )


@st.composite
def exclusions(draw: st.DrawFn, steps: int) -> Exclusion:
    """Draw exclusions between any two of so many steps."""
    selector = draw(selectors())
    from_step = draw(st.integers(1, steps - 1))
    return Exclusion(
        selector.event, selector.where, from_step, draw(st.integers(from_step + 1, steps))
    )


@st.composite
def funnel_cells(draw: st.DrawFn, query: FunnelQuery) -> FunnelCell:
    """Draw cells that the answer to *query* has."""
    outcome = draw(st.sampled_from(FunnelOutcome))
    if outcome is FunnelOutcome.OPEN:
        return FunnelCell(outcome=outcome)
    first = 2 if outcome is FunnelOutcome.DROPPED else 1
    values = st.sampled_from((*_VALUES, *EVENT_TYPES)) | scalars
    some = values.map(group_of_value).filter(lambda group: group.kind is GroupKind.VALUE)
    groups: st.SearchStrategy[Group] = st.sampled_from((ALL, NONE, OTHER)) | some
    return FunnelCell(
        step=draw(st.integers(first, len(query.steps))),
        outcome=outcome,
        group=ALL if query.breakdown is None else draw(groups),
    )


@st.composite
def funnel_questions(
    draw: st.DrawFn, world: World, queries: st.SearchStrategy[FunnelQuery] | None = None
) -> FunnelQuestion:
    """Draw funnels, asked when something happens or a window ends, with a page of users."""
    query = draw(funnel_queries(world) if queries is None else queries)
    lates = (timedelta(), query.window, query.window + timedelta(microseconds=1))
    moments = [instant + late for instant in world.instants for late in lates]
    return FunnelQuestion(
        query=query,
        now=draw(st.sampled_from(moments)),
        cell=draw(funnel_cells(query)),
        after=draw(st.none() | st.sampled_from((*USER_IDS, "", "a"))),
        limit=draw(st.integers(1, 3)),
    )
