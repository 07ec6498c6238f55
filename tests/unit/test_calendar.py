"""Semantics 2.1 to 2.3: local days, hours, weeks and months, against the zones' wall clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventanalytics.domain.time import (
    FIRST_DATE,
    LAST_DATE,
    MAX_BUCKETS,
    Bucket,
    Calendar,
    DateRange,
    Interval,
    TimeRange,
    WeekStart,
    bucket_index,
)
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.oracles import (
    exists,
    first_instant_of,
    hours_between,
    label,
    local_day,
)
from eventanalytics.testing.strategies import CLOCK_CHANGES, World, worlds

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

# Days on which something happens to a clock: at night, at midnight, just after it, over it; by a
# quarter, half an hour, an hour, three, seven; a day left out; an offset with seconds. In 1919
# Toronto's clock went from half past eleven to half past midnight; none has done so since.
TELLING_DAYS = [
    ("UTC", "2024-02-29"),
    ("Africa/Cairo", "2025-04-25"),
    ("Africa/Cairo", "2025-10-31"),
    ("Africa/Casablanca", "2025-02-23"),
    ("Africa/Juba", "2021-02-01"),
    ("Africa/Monrovia", "1972-01-07"),
    ("America/Caracas", "2007-12-09"),
    ("America/Caracas", "2016-05-01"),
    ("America/Goose_Bay", "2010-11-07"),
    ("America/Havana", "2024-03-10"),
    ("America/Havana", "2024-11-03"),
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2025-11-02"),
    ("America/Nuuk", "2024-03-31"),
    ("America/Santiago", "2024-04-07"),
    ("America/Santiago", "2024-09-08"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Toronto", "1919-03-31"),
    ("America/St_Johns", "2006-04-02"),
    ("America/St_Johns", "2006-10-29"),
    ("Antarctica/Casey", "2020-10-04"),
    ("Antarctica/Troll", "2024-03-31"),
    ("Antarctica/Vostok", "1994-02-01"),
    ("Antarctica/Vostok", "1994-11-01"),
    ("Asia/Beirut", "2024-03-31"),
    ("Asia/Dhaka", "2009-06-20"),
    ("Asia/Dhaka", "2010-01-01"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Asia/Pyongyang", "2015-08-15"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("Asia/Tehran", "2022-03-22"),
    ("Australia/Lord_Howe", "2025-04-06"),
    ("Australia/Lord_Howe", "2025-10-05"),
    ("Europe/Dublin", "2025-03-30"),
    ("Europe/Kyiv", "2025-03-30"),
    ("Europe/Kyiv", "2025-10-26"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Chatham", "2025-04-06"),
    ("Pacific/Kiritimati", "1994-12-31"),
    ("Pacific/Kwajalein", "1993-08-21"),
]


def days_of_change(zone: str) -> Iterator[date]:
    """Yield each day between 1970 and 2037 beside which the zone's offset is not the same."""
    clock = Calendar(zone).zone
    noon, before = datetime(1970, 1, 3, 12, tzinfo=UTC), None
    while noon.year < 2038:
        offset = noon.astimezone(clock).utcoffset()
        if before not in (None, offset):
            yield noon.date()
        noon, before = noon + DAY, offset


def telling_zones() -> list[str]:
    """Return some zones; all of them in the profile `nightly`."""
    if settings.get_current_profile_name() == "nightly":
        return sorted(available_timezones() - {"Factory", "localtime"})
    return ["America/St_Johns", "Antarctica/Vostok", "Pacific/Apia"]


@pytest.mark.parametrize(("zone", "day"), TELLING_DAYS)
def test_a_day_begins_when_the_clock_first_shows_it_or_a_later_one(zone: str, day: str) -> None:
    calendar, middle = Calendar(zone), date.fromisoformat(day)
    for beside in (-1, 0, 1, 2):
        found = calendar.start_of_day(middle + beside * DAY)
        assert found == first_instant_of(zone, middle + beside * DAY)
        assert found.tzinfo is UTC


@pytest.mark.parametrize("zone", telling_zones())
def test_every_day_beside_a_clock_change_begins_when_the_clock_first_shows_it(zone: str) -> None:
    calendar = Calendar(zone)
    for day in days_of_change(zone):
        for beside in (-1, 0, 1):
            found = calendar.start_of_day(day + beside * DAY)
            assert found == first_instant_of(zone, day + beside * DAY), day


@pytest.mark.parametrize(("zone", "day"), TELLING_DAYS)
def test_an_instant_lies_in_the_latest_day_that_the_clock_has_shown(zone: str, day: str) -> None:
    calendar = Calendar(zone)
    start = calendar.start_of_day(date.fromisoformat(day))
    for minutes in range(-26 * 60, 26 * 60, 10):
        instant = start + timedelta(minutes=minutes)
        assert calendar.local_date(instant) == local_day(zone, instant), instant


@given(worlds())
def test_days_follow_each_other_without_gap_or_overlap(world: World) -> None:
    calendar = world.calendar
    for instant in world.instants:
        day = calendar.local_date(instant)
        assert calendar.start_of_day(day) <= instant < calendar.start_of_day(day + DAY)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Kyiv", "2025-03-30", 23),
        ("Europe/Kyiv", "2025-10-26", 25),
        ("Europe/Kyiv", "2025-08-21", 24),
        ("Africa/Cairo", "2025-04-25", 23),
        ("Africa/Cairo", "2025-10-30", 25),
        ("America/St_Johns", "2006-10-29", 25),
        ("Australia/Lord_Howe", "2025-04-06", 24.5),
        ("Asia/Kathmandu", "1986-01-01", 23.75),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_has_the_hours_that_its_clock_has(zone: str, day: str, hours: float) -> None:
    found = Calendar(zone).range_of(DateRange(*[date.fromisoformat(day)] * 2))
    assert found.until - found.since == timedelta(hours=hours)


@pytest.mark.parametrize(("zone", "day"), [(z, d) for z, d in TELLING_DAYS if d > "1972-02"])
def test_hours_are_cut_where_the_clock_says_so_or_is_changed(zone: str, day: str) -> None:
    middle = first_instant_of(zone, date.fromisoformat(day))
    since, until = middle - 5 * timedelta(hours=1), middle + 8 * timedelta(hours=1)
    expected = hours_between(zone, since, until)
    found = Calendar(zone).buckets(Interval.HOUR, TimeRange(expected[0], expected[-1]))
    assert [bucket.start for bucket in found] == expected[:-1]
    assert [bucket.end for bucket in found] == expected[1:]


@pytest.mark.parametrize(("zone", "day"), [(z, d) for z, d in TELLING_DAYS if d > "1972-02"])
def test_any_instant_lies_in_the_first_hour_from_it(zone: str, day: str) -> None:
    middle = first_instant_of(zone, date.fromisoformat(day))
    since, until = middle - 5 * timedelta(hours=1), middle + 8 * timedelta(hours=1)
    for start, end in pairwise(hours_between(zone, since, until)):
        for instant in (start, start + TICK, start + (end - start) / 3, end - TICK):
            first = next(Calendar(zone).buckets_from(Interval.HOUR, instant))
            assert first == Bucket(start, end), instant


def test_an_hour_of_an_offset_with_seconds_is_cut_at_the_second() -> None:
    change = datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)
    hours = Calendar("Africa/Monrovia").buckets_from(Interval.HOUR, change - TICK)
    assert [bucket.start for bucket in islice(hours, 3)] == [
        change - timedelta(hours=1),
        change,
        datetime(1972, 1, 7, 1, tzinfo=UTC),
    ]


def test_the_repeated_hour_of_autumn_is_two_buckets() -> None:
    day = date(2025, 10, 26)
    kyiv = Calendar("Europe/Kyiv")
    hours = kyiv.buckets(Interval.HOUR, kyiv.range_of(DateRange(day, day)))
    shown = [bucket.start.astimezone(kyiv.zone).hour for bucket in hours]
    assert shown == [0, 1, 2, 3, 3, *range(4, 24)]


@pytest.mark.parametrize("week_start", WeekStart)
@pytest.mark.parametrize("interval", [Interval.DAY, Interval.WEEK, Interval.MONTH])
@pytest.mark.parametrize("zone", CLOCK_CHANGES)
def test_days_weeks_and_months_are_those_of_the_wall_calendar(
    zone: str, interval: Interval, week_start: WeekStart
) -> None:
    calendar = Calendar(zone, week_start)
    first = calendar.local_date(CLOCK_CHANGES[zone][-1]) - 40 * DAY
    days = [first + i * DAY for i in range(80)]
    labels = sorted({label(day, interval, week_start) for day in days if exists(zone, day)})
    found = calendar.buckets(interval, calendar.range_of(DateRange(days[0], days[-1])))
    assert [bucket.start for bucket in found] == [first_instant_of(zone, day) for day in labels]
    assert all(one.end == other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("week_start", "day", "first"),
    [
        (WeekStart.MONDAY, "2025-08-18", "2025-08-18"),
        (WeekStart.MONDAY, "2025-08-24", "2025-08-18"),
        (WeekStart.SUNDAY, "2025-08-23", "2025-08-17"),
        (WeekStart.SUNDAY, "2025-08-24", "2025-08-24"),
    ],
)
def test_a_week_begins_on_its_first_day(week_start: WeekStart, day: str, first: str) -> None:
    found = Calendar("UTC", week_start).first_day(Interval.WEEK, date.fromisoformat(day))
    assert found == date.fromisoformat(first)


def test_a_month_begins_on_its_first_and_a_day_with_itself() -> None:
    day = date(2024, 2, 29)
    assert Calendar().first_day(Interval.MONTH, day) == date(2024, 2, 1)
    assert Calendar().first_day(Interval.DAY, day) == day
    assert Calendar().first_day(Interval.HOUR, day) == day


@given(worlds(), st.sampled_from(Interval), st.integers(0, 40 * 24))
def test_every_bucket_that_a_range_touches_is_listed(
    world: World, interval: Interval, hours: int
) -> None:
    since = world.instants[0]
    within = TimeRange(since, since + timedelta(hours=hours))
    found = world.calendar.buckets(interval, within)
    assert [bucket.start < within.until and bucket.end > since for bucket in found] == (
        [True] * len(found)
    )
    assert all(one.end == other.start for one, other in pairwise(found))
    if hours:
        assert found[0].start <= since
        assert found[-1].end >= within.until
    else:
        assert not any(bucket.start >= since for bucket in found)


@given(worlds(), st.sampled_from(Interval))
def test_an_instant_has_the_index_of_its_bucket(world: World, interval: Interval) -> None:
    since, until = min(world.instants), max(world.instants) + TICK
    buckets = world.calendar.buckets(interval, TimeRange(since, until))
    starts = [bucket.start for bucket in buckets]
    for instant in world.instants:
        bucket = buckets[bucket_index(starts, instant)]
        assert bucket.start <= instant < bucket.end


def test_a_range_is_half_open() -> None:
    noon = datetime(2025, 8, 21, 12, tzinfo=UTC)
    within = TimeRange(noon, noon + 2 * TICK)
    assert [noon + i * TICK in within for i in (-1, 0, 1, 2)] == [False, True, True, False]


def test_dates_are_both_included() -> None:
    found = Calendar().range_of(DateRange(date(2025, 8, 21), date(2025, 8, 22)))
    assert found == TimeRange(datetime(2025, 8, 21, tzinfo=UTC), datetime(2025, 8, 23, tzinfo=UTC))


def test_a_bucket_is_over_at_its_end() -> None:
    noon = datetime(2025, 8, 21, 12, tzinfo=UTC)
    bucket = Bucket(noon, noon + DAY)
    assert [bucket.is_over(noon + DAY + i * TICK) for i in (-1, 0, 1)] == [False, True, True]


def test_ten_thousand_buckets_are_the_most() -> None:
    first = datetime(2000, 1, 1, tzinfo=UTC)
    hours = Calendar().buckets(
        Interval.HOUR, TimeRange(first, first + timedelta(hours=MAX_BUCKETS))
    )
    assert len(hours) == 10_000
    with pytest.raises(InvalidQueryError) as caught:
        Calendar().buckets(
            Interval.HOUR, TimeRange(first, first + timedelta(hours=MAX_BUCKETS) + TICK)
        )
    assert [(f.path, f.code) for f in caught.value.faults] == [("to", "too_many_buckets")]


@pytest.mark.parametrize(
    ("first", "last", "path", "code"),
    [
        (date(1969, 12, 31), date(2025, 1, 1), "from", "date_out_of_range"),
        (date(2025, 1, 1), date(9999, 1, 1), "to", "date_out_of_range"),
        (date(2025, 1, 2), date(2025, 1, 1), "from", "invalid_range"),
    ],
)
def test_days_without_room_in_a_calendar_are_refused(
    first: date, last: date, path: str, code: str
) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        DateRange(first, last)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Africa/Monrovia"])
@pytest.mark.parametrize("day", [FIRST_DATE, LAST_DATE])
def test_the_first_and_the_last_day_have_room_in_every_zone(zone: str, day: date) -> None:
    found = Calendar(zone).range_of(DateRange(day, day))
    assert found.until - found.since == DAY
    assert Calendar(zone).local_date(found.since) == day


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "europe/kyiv", "../UTC", "/etc/passwd", "Factory", "localtime"]
)
def test_a_time_zone_must_have_an_iana_name(name: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        Calendar(name)
    assert [(f.path, f.code) for f in caught.value.faults] == [("timezone", "unknown_timezone")]


def test_the_calendar_is_that_of_utc_with_weeks_from_monday_by_default() -> None:
    assert Calendar() == Calendar("UTC", WeekStart.MONDAY)
