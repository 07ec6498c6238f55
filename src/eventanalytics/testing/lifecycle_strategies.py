"""Hypothesis strategies of questions about lifecycle and stickiness.

They are about a `World` of `eventanalytics.testing.strategies`.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.lifecycle import LifecycleCell, LifecycleClass, LifecycleQuery
from eventanalytics.domain.stickiness import StickinessCell, StickinessCount, StickinessQuery
from eventanalytics.domain.time import Interval, TimeRange
from eventanalytics.testing.query_strategies import conditions
from eventanalytics.testing.retention_strategies import ranges
from eventanalytics.testing.strategies import EVENT_TYPES, World


class LifecycleQuestion(msgspec.Struct, frozen=True):
    """A query, when it is asked, and a cell of its answer with a page of its users."""

    query: LifecycleQuery
    now: datetime
    cell: LifecycleCell
    after: str | None
    limit: int


class StickinessQuestion(msgspec.Struct, frozen=True):
    """A query, when it is asked, and a cell of its answer with a page of its users."""

    query: StickinessQuery
    now: datetime
    cell: StickinessCell
    after: str | None
    limit: int


def lifecycle_questions(world: World) -> st.SearchStrategy[LifecycleQuestion]:
    """Draw a query, an instant of the world or the end of a bucket, and a cell."""

    def asked(query: LifecycleQuery) -> st.SearchStrategy[LifecycleQuestion]:
        buckets = query.buckets()
        return st.builds(
            LifecycleQuestion,
            st.just(query),
            st.sampled_from([*world.instants, *(bucket.end for bucket in buckets)]),
            st.builds(
                LifecycleCell, st.sampled_from(LifecycleClass), st.integers(0, len(buckets) - 1)
            ),
            _AFTER,
            st.integers(1, 4),
        )

    queries = _parts(world).map(lambda parts: LifecycleQuery(**parts))
    return queries.filter(lambda query: bool(query.buckets())).flatmap(asked)


def stickiness_questions(world: World) -> st.SearchStrategy[StickinessQuestion]:
    """Draw a query, an instant of the world, and a cell."""

    def asked(query: StickinessQuery) -> st.SearchStrategy[StickinessQuestion]:
        return st.builds(
            StickinessQuestion,
            st.just(query),
            st.sampled_from(world.instants),
            st.builds(
                StickinessCell,
                st.integers(1, min(3, len(query.buckets()))),
                st.sampled_from(StickinessCount),
            ),
            _AFTER,
            st.integers(1, 4),
        )

    queries = _parts(world).map(lambda parts: StickinessQuery(**parts))
    return queries.filter(lambda query: bool(query.buckets())).flatmap(asked)


_AFTER = st.none() | st.sampled_from(("", "01", "1", "Ann", "b"))


@st.composite
def _parts(draw: st.DrawFn, world: World) -> dict[str, Any]:
    wanted = draw(ranges(world))
    interval = draw(st.sampled_from((Interval.DAY, Interval.WEEK, Interval.MONTH)))
    if isinstance(wanted, TimeRange) and wanted.until - wanted.since < timedelta(days=4):
        interval = draw(st.sampled_from(Interval))
    return {
        "range": wanted,
        "calendar": world.calendar,
        "interval": interval,
        "event": draw(st.none() | st.sampled_from(EVENT_TYPES)),
        "where": draw(st.just(()) | st.tuples(conditions())),
    }
