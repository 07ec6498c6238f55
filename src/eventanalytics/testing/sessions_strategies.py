"""Hypothesis strategies of worlds whose gaps are as long as a session's, and of questions there.

The instants of such a world lie one after another, as far apart as the longest gap of a session, a
microsecond less or more, or 24 hours: runs break, and go on beyond a day, at their very bounds.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.selection import QueryRange
from eventanalytics.domain.sessions import SessionsCell, SessionsQuery
from eventanalytics.domain.time import Interval, TimeRange
from eventanalytics.testing.query_strategies import date_ranges, segments
from eventanalytics.testing.strategies import (
    EVENT_IDS,
    USER_IDS,
    World,
    event_logs,
    events,
    worlds,
)

GAPS: Final = (1, 1800, 8 * 3600, 12 * 3600, 24 * 3600 - 1, 24 * 3600)
"""Seconds; two steps of 12 hours make a day, three of 8 too."""

_LONG_GAPS: Final = tuple(gap for gap in GAPS if gap > 3600)

afters: Final[st.SearchStrategy[str | None]] = st.none() | st.sampled_from((*USER_IDS, "Anna"))
"""Where a page of users begins: after one who is there, or who is not."""

page_limits: Final[st.SearchStrategy[int]] = st.integers(1, 4)
"""How many users a page has."""

_mostly: Final = st.sampled_from((True, True, True, False))

_TICK: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


class SessionWorld(msgspec.Struct, frozen=True, kw_only=True):
    """A world, and the longest gap that its instants are made for."""

    world: World
    gap_seconds: int


class SessionsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A query, when it is asked, a cell of its answer, and a page of the users there."""

    query: SessionsQuery
    now: datetime
    cell: SessionsCell
    after: str | None
    limit: int


@st.composite
def session_worlds(draw: st.DrawFn) -> SessionWorld:
    """Draw a world of up to nine instants, most of them a gap apart."""
    first = draw(worlds())
    seconds = draw(st.sampled_from(GAPS) | st.sampled_from(_LONG_GAPS))
    gap = timedelta(seconds=seconds)
    steps = st.sampled_from((gap, gap - _TICK, gap + _TICK, gap / 2, _DAY - _TICK, _DAY))
    instants = [first.instants[0]]
    for step in draw(st.lists(steps, min_size=3, max_size=8)):
        instants.append(instants[-1] + step)
    world = World(calendar=first.calendar, instants=tuple(instants))
    return SessionWorld(world=world, gap_seconds=seconds)


@st.composite
def session_logs(draw: st.DrawFn, drawn: SessionWorld) -> list[Event]:
    """Draw logs of up to 21 events; in most of them one user has an event at every instant."""
    log = draw(event_logs(drawn.world))
    if not draw(_mostly):
        return log
    ids = draw(st.permutations(EVENT_IDS))
    at_each = [
        msgspec.structs.replace(
            draw(events(drawn.world)), event_id=event_id, user_id=USER_IDS[0], occurred_at=instant
        )
        for event_id, instant in zip(ids, drawn.world.instants, strict=False)
    ]
    return [*at_each, *log]


def query_ranges(world: World) -> st.SearchStrategy[QueryRange]:
    """Draw ranges of days around *world*, or of instants at which something happens in it.

    Most of them hold all of it.
    """
    everything = TimeRange(min(world.instants) - _DAY, max(world.instants) + _DAY)
    beside = [instant + step for instant in world.instants for step in (-_DAY, -_TICK, _TICK, _DAY)]
    ends = st.sampled_from(world.instants) | st.sampled_from(beside)
    instants = (
        st.tuples(ends, ends)
        .filter(lambda pair: pair[0] != pair[1])
        .map(lambda pair: TimeRange(min(pair), max(pair)))
    )
    some = date_ranges(world) | instants
    return _mostly.flatmap(lambda whole: st.just(everything) if whole else some)


few_conditions: Final = _mostly.flatmap(lambda none: st.just(()) if none else segments)
"""At most two conditions, but mostly none: they take the runs apart."""


def gaps(drawn: SessionWorld) -> st.SearchStrategy[int]:
    """Draw the gap that the world is made for, now and then another."""
    return _mostly.flatmap(
        lambda same: st.just(drawn.gap_seconds) if same else st.sampled_from(GAPS)
    )


def sessions_questions(drawn: SessionWorld) -> st.SearchStrategy[SessionsQuestion]:
    """Draw questions for the sessions of a world, asked when something happens in it."""
    queries = st.builds(
        SessionsQuery,
        range=query_ranges(drawn.world),
        calendar=st.just(drawn.world.calendar),
        where=few_conditions,
        interval=st.sampled_from(Interval),
        gap_seconds=gaps(drawn),
    )
    return queries.flatmap(
        lambda query: st.builds(
            SessionsQuestion,
            query=st.just(query),
            now=st.sampled_from([*drawn.world.instants, query.within().until]),
            cell=_cells(query),
            after=afters,
            limit=page_limits,
        )
    )


def _cells(query: SessionsQuery) -> st.SearchStrategy[SessionsCell]:
    count = len(query.buckets())
    bucket = st.none() | st.integers(0, count - 1) if count else st.none()
    return st.builds(SessionsCell, bucket=bucket, bounces=st.booleans())
