"""The quick statistic of retention: any event, over the next so many periods, as a triangle.

Source: docs/semantics.md, "Quick statistics".
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import islice

import msgspec

from eventanalytics.domain.events import EARLIEST, Event
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.retention import Retention, count_retention
from eventanalytics.domain.retention_query import RetentionKind, RetentionQuery
from eventanalytics.domain.time import (
    LAST_DATE,
    Bucket,
    Calendar,
    Interval,
    TimeRange,
    check_date,
)
from eventanalytics.errors import InvalidQueryError

MAX_WINDOWS = 366


class QuickRetentionQuery(msgspec.Struct, frozen=True, kw_only=True):
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

    def question(self) -> RetentionQuery:
        """Return the question of retention that this is a short form of.

        Raises:
            InvalidQueryError: The last window lies beyond the calendar.
        """
        periods = self.periods()
        return RetentionQuery(
            range=TimeRange(max(periods[0].start, EARLIEST), periods[-1].end),
            calendar=self.calendar,
            where=self.where,
            period=self.period,
            periods=self.windows - 1,
            kind=RetentionKind.FIRST_IN_RANGE,
        )

    def periods(self) -> Sequence[Bucket]:
        """Return the periods, in order; a period is the cohort's and a column's alike.

        Raises:
            InvalidQueryError: The last window lies beyond the calendar.
        """
        start = self.calendar.start_of_day(self.start)
        periods: Sequence[Bucket] = ()
        with suppress(OverflowError):
            # Twice as far, because the columns of the last cohort reach beyond the windows.
            far = islice(self.calendar.buckets_from(self.period, start), 2 * self.windows)
            periods = tuple(far)[: self.windows]
        if not periods or self._last_day(periods) > LAST_DATE:
            message = "the last window lies beyond the calendar"
            raise InvalidQueryError.of("windows", "date_out_of_range", message)
        return periods

    def _last_day(self, periods: Sequence[Bucket]) -> date:
        return self.calendar.local_date(periods[-1].end - timedelta(microseconds=1))


class Cohort(msgspec.Struct, frozen=True):
    """The users whose first period this is.

    `returned[k]` is how many of `size` were active in the k-th period after it (``returned[0]`` is
    the size); None where that period is not over yet. The last cohort has one column, the one
    before it two, and so on.
    """

    date: date
    size: int
    returned: tuple[int | None, ...]


def count_quick_retention(
    query: QuickRetentionQuery, events: Iterable[Event], now: datetime
) -> tuple[Cohort, ...]:
    """Count, for each period's cohort, the users who are active in it and in each later period.

    Returns one cohort a period, in order, empty ones too. Unit: distinct users. *events* may come
    in any order; *now* (aware, UTC) decides which columns are over.
    """
    return triangle(query, count_retention(query.question(), events, now))


def triangle(query: QuickRetentionQuery, retention: Retention) -> tuple[Cohort, ...]:
    """Return the cohorts of *retention* with the columns that lie in the windows."""
    cohorts = retention.cohorts
    return tuple(
        Cohort(
            query.calendar.local_date(cohort.start),
            cohort.size,
            cohort.returned[: len(cohorts) - index],
        )
        for index, cohort in enumerate(cohorts)
    )
