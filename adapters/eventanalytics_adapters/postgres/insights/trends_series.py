"""The values of one series of a trend: which statement counts them, and what its rows mean."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

from psycopg import sql

from eventanalytics.domain.time import Bucket, TimeRange
from eventanalytics.domain.trends_measures import between, places, ratio
from eventanalytics.domain.trends_query import Measure, TrendsQuery, TrendsSeries
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.insights.snapshots import Snapshot

Cells: TypeAlias = Mapping[tuple[int, int | None], float | None]
"""The values by group and bucket, both as indices; no bucket: of the whole range."""

Counts: TypeAlias = Mapping[tuple[int, int | None], int]
"""The same, of what is counted."""


class Scan(NamedTuple):
    """The parts of a statement that say which events it is about, and in which groups."""

    slots: Mapping[str, sql.Composable]
    parameters: Mapping[str, object]
    of_type: bool
    """Whether they are those of one event type."""
    of_groups: bool
    """Whether there is more than one group."""
    of_index: bool
    """Whether nothing but type and time says which they are: an index knows them."""

    async def rows(
        self, state: Snapshot, template: sql.SQL, parameters: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        """Return the rows of *template* about these events."""
        return await state.rows(template.format(**self.slots), {**self.parameters, **parameters})


async def cells_of(
    state: Snapshot,
    scan: Scan,
    query: TrendsQuery,
    series: TrendsSeries,
    buckets: Sequence[Bucket],
) -> Cells:
    """Return the values of *series*; groups and buckets without any event are left out."""
    measure = series.measure
    if measure.days is not None:
        return await _active_users(state, scan, query.spans(measure, buckets))
    within = query.within()
    time = {
        "starts": [bucket.start for bucket in buckets],
        "since": within.since,
        "until": within.until,
    }
    spans = query.spans(measure, buckets)
    if measure is Measure.EVENTS:
        return await _events(state, scan, time, spans)
    if measure is Measure.USERS:
        return await _users(state, scan, time, spans)
    if measure is Measure.EVENTS_PER_USER:
        events = await _events(state, scan, time, spans)
        users = await _users(state, scan, time, spans)
        return {place: ratio(events[place], count) for place, count in users.items() if count}
    if measure.rank is not None:
        rows = await scan.rows(state, queries.TREND_PERCENTILES, {**time, "part": measure.rank})
        return {
            (slot, bucket): between(low, high, places(measure.rank, numbers)[2])
            for slot, bucket, numbers, low, high in rows
        }
    return _of_numbers(measure, await scan.rows(state, queries.TREND_NUMBERS, time))


class _Numbers(NamedTuple):
    """What some numbers come to; never of none."""

    amount: int
    total: Fraction
    minimum: float
    maximum: float

    def joined(self, others: "_Numbers") -> "_Numbers":
        return _Numbers(
            self.amount + others.amount,
            self.total + others.total,
            min(self.minimum, others.minimum),
            max(self.maximum, others.maximum),
        )

    def value(self, measure: Measure) -> float | None:
        match measure:
            case Measure.SUM:
                return ratio(self.total, 1)
            case Measure.AVERAGE:
                return ratio(self.total, self.amount)
            case Measure.MINIMUM:
                return self.minimum
            case _:
                return self.maximum


async def _events(
    state: Snapshot, scan: Scan, time: Mapping[str, object], spans: Sequence[TimeRange]
) -> Counts:
    if scan.of_index:
        rows = await scan.rows(state, queries.TREND_EVENTS_BY_BUCKET, _ends(spans))
    elif scan.of_groups:
        rows = await scan.rows(state, queries.TREND_EVENTS_IN_GROUPS, time)
    else:
        rows = await scan.rows(state, queries.TREND_EVENTS, time)
    return with_totals((slot, bucket, events) for slot, bucket, events in rows)


async def _users(
    state: Snapshot, scan: Scan, time: Mapping[str, object], spans: Sequence[TimeRange]
) -> Counts:
    if not (scan.of_index and scan.of_type):
        rows = await scan.rows(state, queries.TREND_USERS, time)
        return {(slot, bucket): users for slot, bucket, users in rows}
    whole = TimeRange(spans[0].since, spans[-1].until)
    rows = await scan.rows(state, queries.TREND_USERS_BY_BUCKET, _ends([*spans, whole]))
    return {(slot, bucket if bucket < len(spans) else None): users for slot, bucket, users in rows}


def _ends(spans: Sequence[TimeRange]) -> Mapping[str, object]:
    return {"starts": [span.since for span in spans], "ends": [span.until for span in spans]}


def with_totals(rows: Iterable[tuple[int, int, int]]) -> Counts:
    """Return the events of each group and bucket, and of each group: their sum."""
    totals: Counter[int] = Counter()
    found: dict[tuple[int, int | None], int] = {}
    for slot, bucket, events in rows:
        found[slot, bucket] = events
        totals[slot] += events
    return {**found, **{(slot, None): events for slot, events in totals.items()}}


def _of_numbers(measure: Measure, rows: Sequence[tuple[int, int, int, str, float, float]]) -> Cells:
    found: dict[tuple[int, int | None], _Numbers] = {}
    for slot, bucket, amount, total, minimum, maximum in rows:
        numbers = _Numbers(amount, Fraction(total), minimum, maximum)
        found[slot, bucket] = numbers
        before = found.get((slot, None))
        found[slot, None] = numbers if before is None else before.joined(numbers)
    return {place: numbers.value(measure) for place, numbers in found.items()}


async def _active_users(state: Snapshot, scan: Scan, windows: Sequence[TimeRange]) -> Cells:
    """Count the users of windows that overlap: see trend_active_users.sql."""
    starts, ends = [one.since for one in windows], [one.until for one in windows]
    edges = sorted({*starts, *ends})
    pieces = edges[:-1]
    rows = await scan.rows(
        state,
        queries.TREND_ACTIVE_USERS,
        {
            "starts": pieces,
            "firsts": [bisect_right(ends, piece) for piece in pieces],
            "lasts": [bisect_right(starts, piece) - 1 for piece in pieces],
            "since": edges[0],
            "until": edges[-1],
        },
    )
    changes: dict[int, list[int]] = defaultdict(lambda: [0] * (len(windows) + 1))
    for slot, window, change in rows:
        changes[slot][window] = change
    return {
        (slot, window): users
        for slot, found in changes.items()
        for window, users in enumerate(accumulate(found[:-1]))
    }
