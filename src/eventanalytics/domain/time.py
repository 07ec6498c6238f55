"""Ranges of time and the local calendars that cut them into buckets.

Source: docs/semantics.md, "Ranges, time zones, buckets".
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from eventanalytics.errors import InvalidQueryError

MAX_BUCKETS = 10_000
FIRST_DATE, LAST_DATE = date(1970, 1, 1), date(9998, 12, 31)

# The first moment after the last day, in the zone where it is latest.
END_OF_CALENDAR = datetime(9999, 1, 1, 12, tzinfo=UTC)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Interval(Enum):
    """How long one bucket is, on the local calendar."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class WeekStart(Enum):
    """The first day of a week."""

    MONDAY = "monday"
    SUNDAY = "sunday"


class TimeRange(msgspec.Struct, frozen=True):
    """A half-open range of instants: ``since <= t < until``, both aware and in UTC."""

    since: datetime
    until: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.since <= instant < self.until


class DateRange(msgspec.Struct, frozen=True):
    """A range of local days, both included.

    Raises:
        InvalidQueryError: `first` is after `last`, or a day is outside 1970-01-01..9998-12-31.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        for path, day in (("from", self.first), ("to", self.last)):
            check_date(day, path)
        if self.first > self.last:
            raise InvalidQueryError.of(
                "from", "invalid_range", f"from {self.first} is after to {self.last}"
            )


class Bucket(msgspec.Struct, frozen=True):
    """One piece of a local calendar: ``start <= t < end``, in UTC."""

    start: datetime
    end: datetime

    def is_over(self, now: datetime) -> bool:
        """Tell whether nothing can happen in this bucket any more."""
        return self.end <= now


class Calendar(msgspec.Struct, frozen=True):
    """The calendar of a time zone (an IANA name), with the day its weeks begin on.

    A day begins at the first instant at which the zone's clock shows that date or a later one: the
    days of a zone follow each other without gap or overlap, whatever its clock does at midnight.

    Raises:
        InvalidQueryError: No time zone has this name.
    """

    timezone: str = "UTC"
    week_start: WeekStart = WeekStart.MONDAY

    def __post_init__(self) -> None:
        if self.timezone not in _zone_names():
            message = f"no time zone is named {self.timezone[:100]!r}"
            raise InvalidQueryError.of("timezone", "unknown_timezone", message)

    @property
    def zone(self) -> ZoneInfo:
        """The rules of the time zone."""
        return ZoneInfo(self.timezone)

    def start_of_day(self, day: date) -> datetime:
        """Return the first instant, in UTC, at which the clock shows *day* or a later date."""
        zone = self.zone
        start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        # In the hour that a clock change leaves out there is no midnight: the change is the start.
        return _change_between(zone, start - _HOUR, start) if _skips(zone, day) else start

    def local_date(self, instant: datetime) -> date:
        """Return the day that *instant* lies in."""
        day = instant.astimezone(self.zone).date()
        # Where the clock goes back over midnight, the day that has begun goes on.
        return day + _DAY if instant >= self.start_of_day(day + _DAY) else day

    def range_of(self, days: DateRange) -> TimeRange:
        """Return the instants of whole local days, the last day included."""
        return TimeRange(self.start_of_day(days.first), self.start_of_day(days.last + _DAY))

    def first_day(self, interval: Interval, day: date) -> date:
        """Return the day on which the week or month of *day* begins; else *day* itself."""
        if interval is Interval.WEEK:
            first = 0 if self.week_start is WeekStart.MONDAY else 6
            return day - timedelta(days=(day.weekday() - first) % 7)
        return day.replace(day=1) if interval is Interval.MONTH else day

    def buckets_from(self, interval: Interval, instant: datetime) -> Iterator[Bucket]:
        """Yield the bucket that *instant* lies in, and then each next one, without end."""
        starts = (
            self._hours(instant) if interval is Interval.HOUR else self._days(interval, instant)
        )
        start = next(starts)
        for end in starts:
            if end > start:  # a day that a zone left out of its calendar has no bucket
                yield Bucket(start, end)
                start = end

    def buckets(self, interval: Interval, within: TimeRange) -> Sequence[Bucket]:
        """Return every bucket that the range touches, in order, whole.

        Raises:
            InvalidQueryError: There would be more than 10,000.
        """
        endless = self.buckets_from(interval, within.since)
        touched = takewhile(lambda bucket: bucket.start < within.until, endless)
        found = list(islice(touched, MAX_BUCKETS + 1))
        if len(found) > MAX_BUCKETS:
            message = f"the range has more than {MAX_BUCKETS} buckets of one {interval.value}"
            raise InvalidQueryError.of("to", "too_many_buckets", message)
        return found

    def _days(self, interval: Interval, instant: datetime) -> Iterator[datetime]:
        day = self.first_day(interval, self.local_date(instant))
        while True:
            yield self.start_of_day(day)
            step = {Interval.WEEK: 7, Interval.MONTH: 31}.get(interval, 1)
            day = self.first_day(interval, day + timedelta(days=step))

    def _hours(self, instant: datetime) -> Iterator[datetime]:
        """Yield each instant at which an hour of the clock begins, or the clock is changed."""
        zone = self.zone
        start = instant - _past_the_hour(zone, instant)
        if _offset(zone, start) != _offset(zone, instant):
            start = _change_between(zone, start, instant)
        while True:
            yield start
            end = start + _HOUR - _past_the_hour(zone, start)
            changed = _offset(zone, start) != _offset(zone, end)
            start = _change_between(zone, start, end) if changed else end


def bucket_index(starts: Sequence[datetime], instant: datetime) -> int:
    """Return the index of the bucket that *instant* lies in, given the buckets' rising starts."""
    return bisect_right(starts, instant) - 1


def check_date(day: date, path: str) -> None:
    """Refuse a day that calendars have no room for.

    Raises:
        InvalidQueryError: *day* is outside 1970-01-01..9998-12-31.
    """
    if not FIRST_DATE <= day <= LAST_DATE:
        message = f"must be a day from {FIRST_DATE} to {LAST_DATE}"
        raise InvalidQueryError.of(path, "date_out_of_range", message)


@cache
def _zone_names() -> frozenset[str]:
    # These two are files of a machine, no places: what they mean is not the same everywhere.
    return frozenset(available_timezones() - {"Factory", "localtime"})


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


def _past_the_hour(zone: ZoneInfo, instant: datetime) -> timedelta:
    local = instant.astimezone(zone)
    return timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _skips(zone: ZoneInfo, day: date) -> bool:
    """Tell whether the zone's clock never shows the midnight at which *day* begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != midnight.replace(
        tzinfo=None
    )


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the instant, to the second, of the clock change in ``before < t <= after``."""
    offset = _offset(zone, before)
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle <= low:
            break
        if _offset(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
