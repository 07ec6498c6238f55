"""Retention: of the users who start in one period, how many return in each later one.

Source: docs/semantics.md, "Retention".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import all_match
from eventanalytics.domain.retention_query import (
    RetentionCell,
    RetentionKind,
    RetentionMode,
    RetentionQuery,
)
from eventanalytics.domain.time import TimeRange, bucket_index


class RetentionCohort(msgspec.Struct, frozen=True):
    """The users who start in one period.

    `start` is when the period begins. `returned[k]` counts those of `size` users who return in the
    k-th period after it (or, by the mode, in a later one too); None where that period is not over.
    """

    start: datetime
    size: int
    returned: tuple[int | None, ...]


class Retention(msgspec.Struct, frozen=True):
    """One cohort a period, in order, and for each column the share that returns on average.

    `average[k]` is the sum of `returned[k]` over the sum of the sizes, of the cohorts whose column
    is not None; None when there are none, or when they have no users.
    """

    cohorts: tuple[RetentionCohort, ...]
    average: tuple[float | None, ...]


class Returns(msgspec.Struct, frozen=True):
    """What one user did as a member of one cohort (an index): the columns they returned in."""

    user_id: str
    cohort: int
    columns: frozenset[int]


def count_retention(query: RetentionQuery, events: Iterable[Event], now: datetime) -> Retention:
    """Count, for each cohort, the users who return in each column.

    *events* are all of a project, in any order; *now* (aware, UTC) decides which columns are over.

    Raises:
        InvalidQueryError: There are too many periods or cells.
    """
    sizes: dict[int, int] = defaultdict(int)
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for returns in _returns(query, events):
        sizes[returns.cohort] += 1
        for column in range(query.periods + 1):
            if reaches(query, returns.columns, column):
                counts[returns.cohort, column] += 1
    return answer(query, sizes, counts, now)


def retention_users(
    query: RetentionQuery, cell: RetentionCell, events: Iterable[Event], now: datetime
) -> tuple[str, ...]:
    """Return the users of a cell, in the order of code points.

    Raises:
        InvalidQueryError: The answer has no such cell, or its period is not over.
    """
    cell.check(query, now)
    return tuple(
        sorted(
            returns.user_id
            for returns in _returns(query, events)
            if returns.cohort == cell.cohort
            and (cell.column is None or reaches(query, returns.columns, cell.column))
        )
    )


def reaches(query: RetentionQuery, columns: frozenset[int], column: int) -> bool:
    """Tell whether who returned in *columns* counts in *column*."""
    if query.mode is RetentionMode.ON:
        return column in columns
    return any(later >= column for later in columns)


def answer(
    query: RetentionQuery,
    sizes: Mapping[int, int],
    counts: Mapping[tuple[int, int], int],
    now: datetime,
) -> Retention:
    """Return the answer, given the cohorts' sizes (by index) and the users of (cohort, column)."""
    buckets = query.buckets()
    columns = range(query.periods + 1)
    cohorts = tuple(
        RetentionCohort(
            buckets[index].start,
            sizes.get(index, 0),
            tuple(
                counts.get((index, column), 0) if buckets[index + column].is_over(now) else None
                for column in columns
            ),
        )
        for index in range(query.cohort_count())
    )
    return Retention(cohorts, tuple(_average(cohorts, column) for column in columns))


def _average(cohorts: Sequence[RetentionCohort], column: int) -> float | None:
    complete = [
        (returned, cohort.size)
        for cohort in cohorts
        if (returned := cohort.returned[column]) is not None
    ]
    size = sum(size for _, size in complete)
    return sum(returned for returned, _ in complete) / size if size else None


def _returns(query: RetentionQuery, events: Iterable[Event]) -> Iterator[Returns]:
    """Yield each user's part in each cohort that they belong to."""
    buckets = query.buckets()
    starts = [bucket.start for bucket in buckets]
    spans = TimeRange(buckets[0].start, buckets[-1].end) if buckets else None
    logs: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if all_match(query.where, event):
            logs[event.user_id].append(event)
    if spans is None:
        return
    for user_id, log in logs.items():
        log.sort(key=lambda event: event.order)
        returning = [e for e in log if e.occurred_at in spans and query.returning.matches(e)]
        for cohort, start in _starts(query, log, starts).items():
            columns = {
                bucket_index(starts, event.occurred_at) - cohort
                for event in returning
                if event.order > start.order
            }
            if query.returns_with_start():
                columns.add(0)
            yield Returns(user_id, cohort, frozenset(c for c in columns if c <= query.periods))


def _starts(
    query: RetentionQuery, log: Sequence[Event], starts: Sequence[datetime]
) -> Mapping[int, Event]:
    """Return the start event of each cohort that the user of *log* (in order) belongs to."""
    within = query.within()
    starting = [event for event in log if query.start.matches(event)]
    if query.kind is not RetentionKind.FIRST_EVER:
        starting = [event for event in starting if event.occurred_at in within]
    if query.kind is not RetentionKind.RECURRING:
        starting = starting[:1]
    found: dict[int, Event] = {}
    for event in starting:
        if event.occurred_at in within:
            found.setdefault(bucket_index(starts, event.occurred_at), event)
    return found
