"""The rules said a second time, in the plainest and slowest way, without the domain's code.

A test that compares the domain with itself proves nothing; these are the other opinion. They look
at a zone's wall clock and at bare JSON, and know nothing of buckets, canonical forms or stores.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from eventanalytics.domain.time import Interval, WeekStart

_STEP = timedelta(seconds=30)  # no wall clock has shown a new date for less time than a minute
_LONGEST_REPEAT = timedelta(hours=3)


def spell(value: object) -> str:
    """Write a JSON value so that two are equal just when they are spelt alike.

    >>> spell({"b": [1.0, True], "a": None}) == spell({"a": None, "b": [1, True]})
    True
    """
    match value:
        case None | bool():
            return repr(value)
        case str():
            return repr(value)
        case list():
            return "[" + ", ".join(map(spell, cast("list[object]", value))) + "]"
        case dict():
            members = cast("dict[str, Any]", value).items()
            return "{" + ", ".join(sorted(f"{key!r}: {spell(item)}" for key, item in members)) + "}"
        case _:
            return str(Fraction(cast("float", value)))


def local_day(zone: str, instant: datetime) -> date:
    """Return the latest date that the wall clock has shown up to *instant*.

    Looks back three hours; after 1970 no clock has gone back further over a midnight it had shown.
    """
    clock = ZoneInfo(zone)
    back = int(_LONGEST_REPEAT / _STEP)
    return max((instant - k * _STEP).astimezone(clock).date() for k in range(back + 1))


def exists(zone: str, day: date) -> bool:
    """Tell whether the zone's calendar has this day: Apia has no 30 December 2011."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    return noon.astimezone(UTC).astimezone(ZoneInfo(zone)).date() == day


def label(day: date, interval: Interval, week_start: WeekStart) -> date:
    """Return the first day of the day, week or month that *day* belongs to."""
    while interval is Interval.WEEK and day.strftime("%A").lower() != week_start.value:
        day -= timedelta(days=1)
    while interval is Interval.MONTH and day.strftime("%d") != "01":
        day -= timedelta(days=1)
    return day


def labels_from(zone: str, day: date, interval: Interval, week_start: WeekStart) -> Iterator[date]:
    """Yield the label of the period that *day* lies in, and of each next one, without end."""
    last = None
    while True:
        found = label(day, interval, week_start)
        if exists(zone, day) and found != last:
            yield found
            last = found
        day += timedelta(days=1)


def first_instant_of(zone: str, day: date) -> datetime:
    """Return the first second, in UTC, at which the wall clock shows *day* or a later date.

    Reads the clock minute by minute, and then second by second.
    """
    clock = ZoneInfo(zone)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=28)
    while instant.astimezone(clock).date() < day:
        instant += timedelta(minutes=1)
    while (instant - timedelta(seconds=1)).astimezone(clock).date() >= day:
        instant -= timedelta(seconds=1)
    return instant


def hours_between(zone: str, since: datetime, until: datetime) -> list[datetime]:
    """Return the whole minutes of the range at which an hour begins or the clock is changed.

    *since* and *until* are whole minutes. Right where offsets are whole minutes: since 1972.
    """
    clock = ZoneInfo(zone)
    found: list[datetime] = []
    instant = since
    while instant < until:
        now, before = instant.astimezone(clock), (instant - timedelta(minutes=1)).astimezone(clock)
        if now.minute == 0 or now.utcoffset() != before.utcoffset():
            found.append(instant)
        instant += timedelta(minutes=1)
    return found
