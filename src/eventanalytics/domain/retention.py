"""Retention: of the users who came first in one period, how many came back in each later one.

Source: docs/semantics.md, "Retention".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, all_match
from eventanalytics.domain.time import (
    Bucket,
    Calendar,
    Interval,
    TimeRange,
    bucket_index,
    check_date,
)
from eventanalytics.errors import InvalidQueryError

MAX_WINDOWS = 366


class RetentionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Cohorts over `windows` calendar periods, from the one that `start` lies in.

    A user's cohort is the period of their first event in the whole range (``first_in_range``).

    Raises:
        InvalidQueryError: `windows` is not from 1 to 366, `period` is an hour, or `start` is a day
            that calendars have no room for.
    """

    start: date
    windows: int = 3
    period: Interval = Interval.WEEK
    calendar: Calendar = Calendar()
    where: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        check_date(self.start, "start_date")
        if not 1 <= self.windows <= MAX_WINDOWS:
            message = f"must be from 1 to {MAX_WINDOWS}"
            raise InvalidQueryError.of("windows", "out_of_range", message)
        if self.period is Interval.HOUR:
            raise InvalidQueryError.of("period", "invalid_period", "must be day, week or month")

    def periods(self) -> Sequence[Bucket]:
        """Return the periods, in order; a period is the cohort's and a column's alike."""
        start = self.calendar.start_of_day(self.start)
        try:
            return list(islice(self.calendar.buckets_from(self.period, start), self.windows))
        except OverflowError:
            message = "the last window lies beyond the calendar"
            raise InvalidQueryError.of("windows", "date_out_of_range", message) from None


class Cohort(msgspec.Struct, frozen=True):
    """The users whose first period this is.

    `returned[k]` is how many of `size` were active in the k-th period after it (``returned[0]`` is
    the size); None where that period is not over yet. The last cohort has one column, the one
    before it two, and so on.
    """

    date: date
    size: int
    returned: tuple[int | None, ...]


def count_retention(
    query: RetentionQuery, events: Iterable[Event], now: datetime
) -> tuple[Cohort, ...]:
    """Count, for each period's cohort, the users who are active in it and in each later period.

    Returns one cohort a period, in order, empty ones too. Unit: distinct users. *events* may come
    in any order; *now* (aware, UTC) decides which columns are over.
    """
    periods = query.periods()
    within = TimeRange(periods[0].start, periods[-1].end)
    starts = [period.start for period in periods]
    active: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.occurred_at in within and all_match(query.where, event):
            active[event.user_id].add(bucket_index(starts, event.occurred_at))
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for visited in active.values():
        cohort = min(visited)
        for period in visited:
            counts[cohort, period - cohort] += 1
    return cohorts(query, counts, now)


def cohorts(
    query: RetentionQuery, counts: Mapping[tuple[int, int], int], now: datetime
) -> tuple[Cohort, ...]:
    """Return the answer, given the users counted by (index of the cohort, column)."""
    periods = query.periods()
    return tuple(
        Cohort(
            query.calendar.local_date(first.start),
            counts.get((index, 0), 0),
            tuple(
                counts.get((index, column), 0) if period.is_over(now) else None
                for column, period in enumerate(periods[index:])
            ),
        )
        for index, first in enumerate(periods)
    )
