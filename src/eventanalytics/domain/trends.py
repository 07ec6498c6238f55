"""Trends: what happens how often, to how many, from bucket to bucket.

Source: docs/semantics.md, "Trends".
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from eventanalytics.domain.breakdowns import (
    ALL,
    OTHER,
    Breakdown,
    Group,
    biggest,
    group_of,
    shown_groups,
)
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import all_match
from eventanalytics.domain.formulas import Formula
from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.time import TimeRange
from eventanalytics.domain.trends_measures import measured
from eventanalytics.domain.trends_query import FORMULA, TrendsCell, TrendsQuery


class Measured(msgspec.Struct, frozen=True):
    """The values of one series in one group: one a bucket, and the whole range's.

    Counts are integers, everything else floats; None where there is no value.
    """

    values: tuple[float | None, ...]
    total: float | None


class LabelledSeries(Measured, frozen=True):
    """The values of a series as an answer lists them; `label` is its letter, or ``formula``."""

    label: str
    group: Group


class Trends(msgspec.Struct, frozen=True):
    """The answer: the buckets in order, and the series in theirs, each group by group.

    Groups stand in the order of their size, `OTHER` last; the formula's series come last of all.
    `previous` is the answer for the range before, where it was asked for.
    """

    buckets: tuple[BucketOut, ...]
    series: tuple[LabelledSeries, ...]
    previous: "Trends | None" = None


def count_trends(query: TrendsQuery, events: Iterable[Event], now: datetime) -> Trends:
    """Answer *query* at *now*; *events* may come in any order.

    With a breakdown, the groups are those of the events in the range that any of the series
    matches, ranked by how many of these there are; all series are told by the same groups.

    Raises:
        InvalidQueryError: There are too many buckets, or too many values.
    """
    world = sorted(
        (event for event in events if all_match(query.where, event)),
        key=lambda event: event.occurred_at,
    )
    found = _count(query, world, now)
    if query.compare:
        return msgspec.structs.replace(found, previous=_count(query.before(), world, now))
    return found


def trends_users(
    query: TrendsQuery, cell: TrendsCell, events: Iterable[Event], _now: datetime
) -> tuple[str, ...]:
    """Return the users of a cell, each once, in the order of their code points.

    Of a series of events, the users who did them. When it is asked changes nothing: an answer
    counts the events of all its buckets, whether they are over or not.

    Raises:
        InvalidQueryError: The answer has no such cell, or it stands for no set of users.
    """
    series, span = cell.series_of(query), cell.span_of(query)
    world = [event for event in events if all_match(query.where, event)]
    belongs = _membership(query, world)
    found = [event for event in world if event.occurred_at in span and series.matches(event)]
    return tuple(sorted({event.user_id for event in found if belongs(event, cell.group)}))


def answer(
    query: TrendsQuery,
    groups: Sequence[Group],
    found: Sequence[Sequence[Measured]],
    now: datetime,
) -> Trends:
    """Return the answer, given what was found for each series in each of *groups*."""
    within = query.within()
    series = [
        LabelledSeries(one.values, one.total, label, group)
        for label, row in zip(query.labels, found, strict=True)
        for group, one in zip(groups, row, strict=True)
    ]
    formula = query.parsed_formula()
    if formula is not None:
        for index, group in enumerate(groups):
            column = [row[index] for row in found]
            one = _calculated(formula, dict(zip(query.labels, column, strict=True)))
            series.append(LabelledSeries(one.values, one.total, FORMULA, group))
    buckets = tuple(BucketOut.of(bucket, within, now) for bucket in query.buckets())
    return Trends(buckets, tuple(series))


def _calculated(formula: Formula, operands: Mapping[str, Measured]) -> Measured:
    """Return the formula's value in each bucket, and that of the totals."""
    columns = zip(*(operand.values for operand in operands.values()), strict=True)
    return Measured(
        tuple(formula.evaluate(dict(zip(operands, column, strict=True))) for column in columns),
        formula.evaluate({label: operand.total for label, operand in operands.items()}),
    )


def _count(query: TrendsQuery, world: Sequence[Event], now: datetime) -> Trends:
    """Answer without what was before; the events of *world* come in the order of their time."""
    buckets, within = query.buckets(), query.within()
    groups = _groups(query, world)
    belongs = _membership(query, world)
    found: list[list[Measured]] = []
    for series in query.series:
        matching = [event for event in world if series.matches(event)]
        spans = query.spans(series.measure, buckets)
        row: list[Measured] = []
        for group in groups:
            members = [event for event in matching if belongs(event, group)]
            pieces = _pieces(members, [*spans, within])
            *values, total = (measured(series, piece) for piece in pieces)
            row.append(Measured(tuple(values), total if series.measure.days is None else None))
        found.append(row)
    return answer(query, groups, found, now)


def _pieces(events: Sequence[Event], spans: Iterable[TimeRange]) -> Iterator[Sequence[Event]]:
    """Yield the events of each span; *events* come in the order of their time."""
    times = [event.occurred_at for event in events]
    for span in spans:
        yield events[bisect_left(times, span.since) : bisect_left(times, span.until)]


def _groups(query: TrendsQuery, world: Iterable[Event]) -> tuple[Group, ...]:
    """Return the groups of the answer, in their order."""
    if query.breakdown is None:
        return (ALL,)
    sizes = _sizes(query, query.breakdown, world)
    limit = query.breakdown.limit
    return shown_groups(biggest(sizes, limit), has_other=len(sizes) > limit)


def _sizes(query: TrendsQuery, breakdown: Breakdown, world: Iterable[Event]) -> Counter[Group]:
    within = query.within()
    return Counter(
        group_of(event, breakdown.property)
        for event in world
        if event.occurred_at in within and any(series.matches(event) for series in query.series)
    )


def _membership(query: TrendsQuery, world: Iterable[Event]) -> Callable[[Event, Group], bool]:
    """Return what tells whether an event belongs to a group; to `OTHER`, if to none shown."""
    breakdown = query.breakdown
    if breakdown is None:
        return lambda _event, _group: True
    shown = set(biggest(_sizes(query, breakdown, world), breakdown.limit))

    def belongs(event: Event, group: Group) -> bool:
        if group == ALL:
            return True
        own = group_of(event, breakdown.property)
        return own not in shown if group == OTHER else own == group

    return belongs
