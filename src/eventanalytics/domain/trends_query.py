"""What a trends question asks: series of measures, bucket by bucket.

Source: docs/semantics.md, "Trends".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

import msgspec

from eventanalytics.domain.breakdowns import ALL, Breakdown, Group
from eventanalytics.domain.events import EARLIEST
from eventanalytics.domain.formulas import LETTERS, Formula, parse_formula
from eventanalytics.domain.json_values import character_faults
from eventanalytics.domain.selection import EventSelector, QueryRange, Question
from eventanalytics.domain.time import (
    FIRST_DATE,
    Bucket,
    DateRange,
    Interval,
    TimeRange,
)
from eventanalytics.errors import Fault, InvalidQueryError

MAX_SERIES = len(LETTERS)
MAX_VALUES = 1_000_000
"""How many values an answer may have: series times groups times buckets."""

FORMULA: Final = "formula"
"""What the series of the formula is called by."""

_DAY = timedelta(days=1)


class Measure(Enum):
    """What a series counts or computes of the events in a bucket."""

    EVENTS = "events"
    USERS = "users"
    """Distinct users."""
    WEEKLY_ACTIVE_USERS = "weekly_active_users"
    """Distinct users of the 7 days that end with the bucket."""
    MONTHLY_ACTIVE_USERS = "monthly_active_users"
    """Distinct users of the 30 days that end with the bucket."""
    EVENTS_PER_USER = "events_per_user"
    SUM = "sum"
    AVERAGE = "average"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    MEDIAN = "median"
    P90 = "p90"
    P95 = "p95"
    P99 = "p99"

    @property
    def days(self) -> int | None:
        """How many days back a bucket looks; None where it looks at itself alone."""
        return _DAYS.get(self)

    @property
    def rank(self) -> float | None:
        """Which part of the numbers lies below a percentile; None for no percentile."""
        return _RANKS.get(self)

    @property
    def counts_users(self) -> bool:
        """Whether a value stands for a set of users: theirs, or those who did the events."""
        return self in {Measure.EVENTS, Measure.USERS} or self.days is not None

    @property
    def of_property(self) -> bool:
        """Whether the measure is one of the numbers that events have under a property."""
        return not self.counts_users and self is not Measure.EVENTS_PER_USER


_DAYS: Mapping[Measure, int] = {Measure.WEEKLY_ACTIVE_USERS: 7, Measure.MONTHLY_ACTIVE_USERS: 30}
_RANKS: Mapping[Measure, float] = {
    Measure.MEDIAN: 0.5,
    Measure.P90: 0.9,
    Measure.P95: 0.95,
    Measure.P99: 0.99,
}


class TrendsSeries(EventSelector, frozen=True, omit_defaults=True):
    """The events of a series, and what is measured of them.

    `property` is there for the measures of a property's numbers, and for no other.
    """

    measure: Measure = Measure.EVENTS
    property: str | None = None

    def faults(self, path: str) -> list[Fault]:
        """Return what is wrong with the series, the fields named below *path*."""
        found = super().faults(path)
        field = f"{path}.property"
        if self.property is None:
            if self.measure.of_property:
                message = f"{self.measure.value} is measured of a property"
                found.append(Fault(field, "missing_field", message))
        elif not self.measure.of_property:
            message = f"{self.measure.value} is not measured of a property"
            found.append(Fault(field, "unexpected_field", message))
        elif not self.property:
            found.append(Fault(field, "empty_text", "must not be empty"))
        else:
            found += character_faults(self.property, field)
        return found


class TrendsQuery(Question, frozen=True, kw_only=True):
    """One to 26 series, called A, B, C and so on, and a formula over them.

    With `breakdown` each series is told group by group; with `compare` the same question is also
    answered for the range just before.

    Raises:
        InvalidQueryError: A series, the formula or the range has no meaning.
    """

    series: tuple[TrendsSeries, ...]
    interval: Interval = Interval.DAY
    formula: str | None = None
    breakdown: Breakdown | None = None
    compare: bool = False

    def __post_init__(self) -> None:
        found = self.faults()
        if not 1 <= len(self.series) <= MAX_SERIES:
            message = f"holds {len(self.series)} series, from 1 to {MAX_SERIES} are allowed"
            found.append(Fault("series", "out_of_range", message))
        for index, series in enumerate(self.series):
            found += series.faults(f"series[{index}]")
        if found:
            raise InvalidQueryError(found)
        self.parsed_formula()
        if self.compare:
            self._range_before()

    @property
    def labels(self) -> str:
        """The letters of the series, in their order."""
        return LETTERS[: len(self.series)]

    def parsed_formula(self) -> Formula | None:
        """Return the formula; None when there is none."""
        return None if self.formula is None else parse_formula(self.formula, self.labels)

    def buckets(self) -> Sequence[Bucket]:
        """Return every bucket that the range touches, whole, in order.

        Raises:
            InvalidQueryError: There are more than 10,000, or the answer could have more than a
                million values.
        """
        buckets = self.calendar.buckets(self.interval, self.within())
        if self.breakdown is not None:
            values = len(buckets) * len(self.series) * (self.breakdown.limit + 1)
            if values > MAX_VALUES:
                message = f"the answer could have {values} values, at most {MAX_VALUES} are allowed"
                raise InvalidQueryError.of("breakdown.limit", "too_many_values", message)
        return buckets

    def spans(self, measure: Measure, buckets: Sequence[Bucket]) -> Sequence[TimeRange]:
        """Return the instants that the value of *measure* in each of *buckets* looks at, in order.

        That is the bucket's part of the range; of active users, the 7 or 30 local days that end
        with the bucket's last day, of hourly buckets as many times 24 hours. These begin where they
        must, also before the range, and end with it at the latest. Starts and ends never fall.
        """
        within, days = self.within(), measure.days
        return [
            TimeRange(
                max(bucket.start, within.since)
                if days is None
                else self._window_start(bucket, days),
                min(bucket.end, within.until),
            )
            for bucket in buckets
        ]

    def before(self) -> "TrendsQuery":
        """Return the same question for the range just before this one, of equal length.

        The length of a range of days is that of its dates, of instants the time between them.

        Raises:
            InvalidQueryError: That range would begin before 1970.
        """
        return msgspec.structs.replace(self, range=self._range_before(), compare=False)

    def _window_start(self, bucket: Bucket, days: int) -> datetime:
        if self.interval is Interval.HOUR:
            return bucket.end - days * _DAY
        last = self.calendar.local_date(bucket.end - timedelta(microseconds=1))
        return self.calendar.start_of_day(last - (days - 1) * _DAY)

    def _range_before(self) -> QueryRange:
        if isinstance(self.range, DateRange):
            first, length = self.range.first, self.range.last - self.range.first + _DAY
            if first - FIRST_DATE >= length:
                return DateRange(first - length, first - _DAY)
        else:
            since, elapsed = self.range.since, self.range.until - self.range.since
            if since - EARLIEST >= elapsed:
                return TimeRange(since - elapsed, since)
        message = f"the range before would begin before {FIRST_DATE}"
        raise InvalidQueryError.of("compare", "date_out_of_range", message)


class TrendsCell(msgspec.Struct, frozen=True):
    """A value of an answer: of a series, a bucket (its index; None is the total) and a group.

    The group `ALL` is the events of every group together.
    """

    series: str
    bucket: int | None = None
    group: Group = ALL

    def series_of(self, query: TrendsQuery) -> TrendsSeries:
        """Return the series of *query* that the cell is in.

        Raises:
            InvalidQueryError: The answer has no such cell, or it stands for no set of users.
        """
        index = query.labels.find(self.series) if len(self.series) == 1 else -1
        if index < 0:
            message = f"no series is {self.series[:20]!r}"
            raise InvalidQueryError.of("cell.series", "unknown_series", message)
        series = query.series[index]
        if not series.measure.counts_users:
            message = f"{series.measure.value} does not count users"
            raise InvalidQueryError.of("cell.series", "counts_no_users", message)
        if self.group != ALL and query.breakdown is None:
            message = "the query has no breakdown"
            raise InvalidQueryError.of("cell.group", "no_breakdown", message)
        return series

    def span_of(self, query: TrendsQuery) -> TimeRange:
        """Return the instants that the cell of *query* looks at.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        measure = self.series_of(query).measure
        if self.bucket is None:
            if measure.days is not None:
                message = f"{measure.value} has no total"
                raise InvalidQueryError.of("cell.bucket", "missing_field", message)
            return query.within()
        buckets = query.buckets()
        if not 0 <= self.bucket < len(buckets):
            message = f"the answer has {len(buckets)} buckets, counted from 0"
            raise InvalidQueryError.of("cell.bucket", "out_of_range", message)
        [span] = query.spans(measure, [buckets[self.bucket]])
        return span
