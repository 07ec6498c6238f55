"""What a trends question may ask, and which instants a value looks at."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from eventanalytics.domain.breakdowns import ALL, NONE, Breakdown
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange, WeekStart
from eventanalytics.domain.trends import count_trends, trends_users
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics.errors import InvalidQueryError

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AUGUST = DateRange(date(2025, 8, 1), date(2025, 8, 31))
KYIV = Calendar("Europe/Kyiv")


def faults_of(**parts: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidQueryError) as caught:
        TrendsQuery(**{"range": AUGUST, "series": (TrendsSeries(),), **parts})
    return [(fault.path, fault.code) for fault in caught.value.faults]


def faults_of_series(series: TrendsSeries) -> list[tuple[str, str]]:
    return faults_of(series=(TrendsSeries(), series))


def test_from_one_to_twenty_six_series() -> None:
    query = TrendsQuery(range=AUGUST, series=(TrendsSeries(),) * 26, formula="Z / A")
    assert query.labels == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert faults_of(series=()) == [("series", "out_of_range")]
    assert faults_of(series=(TrendsSeries(),) * 27) == [("series", "out_of_range")]


@pytest.mark.parametrize("measure", Measure)
def test_a_property_is_there_for_the_measures_of_one_and_no_other(measure: Measure) -> None:
    with_one, without = (
        TrendsSeries(measure=measure, property="price"),
        TrendsSeries(measure=measure),
    )
    right, wrong, code = (
        (with_one, without, "missing_field")
        if measure.of_property
        else (without, with_one, "unexpected_field")
    )
    assert TrendsQuery(range=AUGUST, series=(right,)).series == (right,)
    assert faults_of_series(wrong) == [("series[1].property", code)]


def test_what_no_store_can_look_for_is_refused_with_its_path() -> None:
    many = (Condition("a", Operator.IS_SET),) * 51
    sums = TrendsSeries(measure=Measure.SUM, property="price")
    replace = msgspec.structs.replace
    assert faults_of_series(TrendsSeries("a\0")) == [("series[1].event", "nul_character")]
    assert faults_of_series(TrendsSeries(where=many)) == [
        ("series[1].where", "too_many_conditions")
    ]
    assert faults_of_series(replace(sums, property="")) == [("series[1].property", "empty_text")]
    found = faults_of_series(replace(sums, property="\ud800"))
    assert found == [("series[1].property", "invalid_unicode")]
    assert faults_of(where=many) == [("where", "too_many_conditions")]
    assert faults_of(formula="A + B") == [("formula", "unknown_series")]


@pytest.mark.parametrize("until", [NOON, NOON - DAY])
def test_instants_that_are_no_range_are_refused(until: datetime) -> None:
    assert faults_of(range=TimeRange(NOON, until)) == [("range", "invalid_range")]


def test_a_comparison_with_what_was_before_all_calendars_is_refused() -> None:
    first = date(1970, 1, 1)
    days = DateRange(first + 10 * DAY, first + 19 * DAY)
    assert TrendsQuery(range=days, series=(TrendsSeries(),), compare=True).before().range == (
        DateRange(first, first + 9 * DAY)
    )
    refused = [("compare", "date_out_of_range")]
    assert faults_of(range=DateRange(days.first, days.last + DAY), compare=True) == refused
    start = datetime(1970, 1, 1, tzinfo=UTC)
    instants = TimeRange(start + DAY, start + 2 * DAY)
    before = TrendsQuery(range=instants, series=(TrendsSeries(),), compare=True).before()
    assert before.range == TimeRange(start, start + DAY)
    assert before.compare is False
    later = TimeRange(instants.since, instants.until + timedelta(microseconds=1))
    assert faults_of(range=later, compare=True) == refused


def test_the_range_before_is_of_equal_length_in_local_days() -> None:
    spring = DateRange(date(2025, 3, 30), date(2025, 3, 31))
    query = TrendsQuery(range=spring, calendar=KYIV, series=(TrendsSeries(),), compare=True)
    assert query.before().range == DateRange(date(2025, 3, 28), date(2025, 3, 29))
    assert query.before().within().until == query.within().since


def test_more_than_ten_thousand_buckets_are_refused() -> None:
    query = TrendsQuery(
        range=DateRange(date(2020, 1, 1), date(2022, 1, 1)),
        series=(TrendsSeries(),),
        interval=Interval.HOUR,
    )
    with pytest.raises(InvalidQueryError) as caught:
        count_trends(query, [], NOON)
    assert [fault.code for fault in caught.value.faults] == ["too_many_buckets"]


def test_more_than_a_million_values_are_refused() -> None:
    days = DateRange(date(2020, 1, 1), date(2020, 1, 1) + 499 * DAY)
    series = (TrendsSeries(),) * 2
    largest = TrendsQuery(range=days, series=series, breakdown=Breakdown("a", 999))
    assert len(largest.buckets()) == 500
    with pytest.raises(InvalidQueryError) as caught:
        msgspec.structs.replace(largest, breakdown=Breakdown("a", 1000)).buckets()
    found = [(fault.path, fault.code) for fault in caught.value.faults]
    assert found == [("breakdown.limit", "too_many_values")]


def spans(interval: Interval, measure: Measure, wanted: Any, calendar: Calendar) -> list[list[str]]:
    query = TrendsQuery(
        range=wanted, calendar=calendar, interval=interval, series=(TrendsSeries(measure=measure),)
    )
    return [
        [f"{one.astimezone(calendar.zone):%m-%d %H:%M}" for one in (span.since, span.until)]
        for span in query.spans(measure, query.buckets())
    ]


def test_a_bucket_looks_at_its_part_of_the_range() -> None:
    wanted = TimeRange(NOON, NOON + DAY)
    assert spans(Interval.DAY, Measure.USERS, wanted, Calendar()) == [
        ["08-21 12:00", "08-22 00:00"],
        ["08-22 00:00", "08-22 12:00"],
    ]


def test_active_users_are_those_of_the_days_that_end_with_the_bucket() -> None:
    days = DateRange(date(2025, 3, 30), date(2025, 3, 31))
    assert spans(Interval.DAY, Measure.WEEKLY_ACTIVE_USERS, days, KYIV) == [
        ["03-24 00:00", "03-31 00:00"],
        ["03-25 00:00", "04-01 00:00"],
    ]
    assert spans(Interval.DAY, Measure.MONTHLY_ACTIVE_USERS, days, KYIV) == [
        ["03-01 00:00", "03-31 00:00"],
        ["03-02 00:00", "04-01 00:00"],
    ]


def test_a_week_or_month_looks_back_from_its_last_day_but_never_past_the_range() -> None:
    days = DateRange(date(2025, 8, 20), date(2025, 8, 27))
    sundays = Calendar(week_start=WeekStart.SUNDAY)
    assert spans(Interval.WEEK, Measure.WEEKLY_ACTIVE_USERS, days, sundays) == [
        ["08-17 00:00", "08-24 00:00"],
        ["08-24 00:00", "08-28 00:00"],
    ]
    assert spans(Interval.MONTH, Measure.WEEKLY_ACTIVE_USERS, days, sundays) == [
        ["08-25 00:00", "08-28 00:00"],
    ]


def test_an_hour_looks_back_as_many_times_twenty_four_hours() -> None:
    wanted = TimeRange(NOON, NOON + timedelta(minutes=61))
    assert spans(Interval.HOUR, Measure.WEEKLY_ACTIVE_USERS, wanted, KYIV) == [
        ["08-14 16:00", "08-21 16:00"],
        ["08-14 17:00", "08-21 16:01"],
    ]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (TrendsCell("D"), ("cell.series", "unknown_series")),
        (TrendsCell(""), ("cell.series", "unknown_series")),
        (TrendsCell("AB"), ("cell.series", "unknown_series")),
        (TrendsCell("formula"), ("cell.series", "unknown_series")),
        (TrendsCell("B"), ("cell.series", "counts_no_users")),
        (TrendsCell("C"), ("cell.bucket", "missing_field")),
        (TrendsCell("A", 31), ("cell.bucket", "out_of_range")),
        (TrendsCell("A", -1), ("cell.bucket", "out_of_range")),
        (TrendsCell("A", 0, NONE), ("cell.group", "no_breakdown")),
    ],
)
def test_a_cell_that_the_answer_has_not_is_refused(
    cell: TrendsCell, fault: tuple[str, str]
) -> None:
    series = tuple(
        TrendsSeries(measure=measure)
        for measure in (Measure.EVENTS, Measure.EVENTS_PER_USER, Measure.WEEKLY_ACTIVE_USERS)
    )
    query = TrendsQuery(range=AUGUST, series=series, formula="A / B")
    with pytest.raises(InvalidQueryError) as caught:
        trends_users(query, cell, [], NOON)
    assert [(one.path, one.code) for one in caught.value.faults] == [fault]


def test_the_whole_range_and_every_group_are_cells_too() -> None:
    query = TrendsQuery(range=AUGUST, series=(TrendsSeries(),), breakdown=Breakdown("a"))
    assert trends_users(query, TrendsCell("A", None, ALL), [], NOON) == ()
    assert trends_users(query, TrendsCell("A", 30, NONE), [], NOON) == ()
