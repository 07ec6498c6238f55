"""Hypothesis strategies of questions for the paths through worlds of sessions.

The worlds and the logs are those of `eventanalytics.testing.sessions_strategies`.
"""

from typing import Final

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import OTHER, Group, group_of_value
from eventanalytics.domain.filters import EVENT_TYPE
from eventanalytics.domain.paths import PathsCell, PathsQuery
from eventanalytics.domain.selection import EventSelector
from eventanalytics.testing.json_strategies import values
from eventanalytics.testing.sessions_strategies import (
    SessionWorld,
    afters,
    few_conditions,
    gaps,
    page_limits,
    query_ranges,
)
from eventanalytics.testing.strategies import EVENT_TYPES, event_types

_LONGEST: Final = 4
_BY = (EVENT_TYPE, EVENT_TYPE, "a", "a.b", "$user_id", "c")


class PathsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A query, a cell that its answer may have, and a page of the users there."""

    query: PathsQuery
    cell: PathsCell
    after: str | None
    limit: int


selectors: st.SearchStrategy[EventSelector] = st.builds(
    EventSelector, st.one_of(event_types, event_types, st.none()), few_conditions
)
"""Selectors, mostly of one event type, and mostly without conditions."""


def paths_questions(drawn: SessionWorld) -> st.SearchStrategy[PathsQuestion]:
    """Draw questions for the paths of a world; steps and limits often cut."""
    queries = st.builds(
        PathsQuery,
        range=query_ranges(drawn.world),
        calendar=st.just(drawn.world.calendar),
        where=few_conditions,
        start=st.none() | selectors,
        end=st.none() | selectors,
        max_steps=st.integers(1, _LONGEST),
        limit=st.integers(1, 3) | st.just(50),
        by=st.sampled_from(_BY),
        collapse_repeats=st.booleans(),
        gap_seconds=gaps(drawn),
    )
    return queries.flatmap(
        lambda query: st.builds(
            PathsQuestion,
            query=st.just(query),
            cell=_cells(query),
            after=afters,
            limit=page_limits,
        )
    )


@st.composite
def _cells(draw: st.DrawFn, query: PathsQuery) -> PathsCell:
    nodes = query.max_steps + (query.end is not None)
    is_edge = nodes > 1 and draw(st.booleans())
    step = draw(st.integers(1, nodes - is_edge))
    if draw(st.booleans()):
        return PathsCell(step, OTHER, OTHER if is_edge else None)
    return PathsCell(step, draw(_nodes(query)), draw(_nodes(query)) if is_edge else None)


def _nodes(query: PathsQuery) -> st.SearchStrategy[Group]:
    types = st.sampled_from([group_of_value(name) for name in EVENT_TYPES])
    if query.by == EVENT_TYPE:
        return types
    return types | values.filter(lambda value: value is not None).map(group_of_value)
