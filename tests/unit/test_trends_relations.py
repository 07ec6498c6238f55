"""Trends: the relations between values, whatever they are."""

from itertools import pairwise
from math import isclose
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import ALL, Breakdown, Group
from eventanalytics.domain.daily_users import DailyUsersQuery, count_daily_users
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange
from eventanalytics.domain.trends import LabelledSeries, count_trends, trends_users
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics.testing.strategies import worlds
from eventanalytics.testing.trends_strategies import (
    TrendsQuestion,
    measured_logs,
    trends_questions,
)

replace = msgspec.structs.replace

Log = list[Event]

asked = worlds().flatmap(
    lambda world: st.tuples(
        trends_questions(world),
        measured_logs(world).map(lambda log: list({one.event_id: one for one in log}.values())),
    )
)


@given(asked)
def test_series_come_in_their_order_group_by_group(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    found = count_trends(question.query, log, question.now).series
    labels = [*question.query.labels, *(["formula"] if question.query.formula else [])]
    groups = list(dict.fromkeys(series.group for series in found))
    expected = [(label, group) for label in labels for group in groups]
    assert [(series.label, series.group) for series in found] == expected


@given(asked, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(
    case: tuple[TrendsQuestion, Log], random: Random
) -> None:
    question, log = case
    mixed = random.sample(log, len(log))
    found = count_trends(question.query, mixed, question.now)
    assert repr(found) == repr(count_trends(question.query, log, question.now))


@given(asked)
def test_a_condition_that_all_events_fulfil_changes_nothing(
    case: tuple[TrendsQuestion, Log],
) -> None:
    question, log = case
    query = question.query
    always = Condition("there is no such property", Operator.IS_NOT_SET)
    wider = [
        replace(query, where=(*query.where, always)),
        replace(
            query,
            series=tuple(replace(one, where=(*one.where, always)) for one in query.series),
        ),
    ]
    expected = repr(count_trends(query, log, question.now))
    assert [repr(count_trends(one, log, question.now)) for one in wider] == [expected] * 2


@given(asked)
def test_groups_have_every_event_and_user_between_them(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    counts = tuple(
        TrendsSeries(event=one.event, where=one.where, measure=measure)
        for one in question.query.series
        for measure in (Measure.EVENTS, Measure.USERS)
    )
    query = replace(
        question.query, series=counts, formula=None, breakdown=Breakdown("b", 2), compare=False
    )
    groups = count_trends(query, log, question.now).series
    whole = count_trends(replace(query, breakdown=None), log, question.now).series
    for one, series in zip(counts, whole, strict=True):
        rows = [values_of(row) for row in groups if row.label == series.label]
        for index, value in enumerate(values_of(series)):
            found = [row[index] for row in rows]
            if one.measure is Measure.EVENTS:
                assert sum(found) == value
            else:
                assert max(found, default=0) <= value <= sum(found)


@given(asked)
def test_users_are_no_more_than_events_and_the_whole_no_more_than_the_sum_of_its_buckets(
    case: tuple[TrendsQuestion, Log],
) -> None:
    question, log = case
    for one in question.query.series:
        measures = (Measure.EVENTS, Measure.USERS, Measure.EVENTS_PER_USER)
        series = tuple(replace(one, measure=measure, property=None) for measure in measures)
        query = replace(question.query, series=series, formula=None, breakdown=None, compare=False)
        found = count_trends(query, log, question.now).series
        events, users = values_of(found[0]), values_of(found[1])
        ratios = [*found[2].values, found[2].total]
        assert sum(events[:-1]) == events[-1]
        assert max(users[:-1], default=0) <= users[-1] <= sum(users[:-1])
        for e, u, r in zip(events, users, ratios, strict=True):
            assert (e == 0) == (u == 0) == (r is None)
            assert u <= e
            assert r is None or isclose(r * u, e)


@given(asked)
def test_a_longer_look_back_finds_no_fewer_users(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    measures = (Measure.USERS, Measure.WEEKLY_ACTIVE_USERS, Measure.MONTHLY_ACTIVE_USERS)
    query = replace(
        question.query,
        series=tuple(TrendsSeries(measure=measure) for measure in measures),
        formula=None,
        breakdown=None,
    )
    users, week, month = (one.values for one in count_trends(query, log, question.now).series)
    for few, more, most in zip(users, week, month, strict=True):
        assert query.interval is Interval.MONTH or few <= more  # type: ignore[operator]
        assert more <= most  # type: ignore[operator]


@given(asked)
def test_percentiles_rise_from_the_minimum_to_the_maximum(
    case: tuple[TrendsQuestion, Log],
) -> None:
    question, log = case
    rising = (
        *(Measure.MINIMUM, Measure.MEDIAN, Measure.P90, Measure.P95, Measure.P99),
        Measure.MAXIMUM,
    )
    query = replace(
        question.query,
        series=tuple(TrendsSeries(measure=measure, property="a") for measure in rising),
        formula=None,
        breakdown=None,
    )
    found = count_trends(query, log, question.now).series
    for column in zip(*([*one.values, one.total] for one in found), strict=True):
        known = [value for value in column if value is not None]
        assert all(a <= b or isclose(a, b) for a, b in pairwise(known))
        assert len(known) in {0, len(rising)} or max(map(abs, known)) > 1e307


@given(asked)
def test_a_series_alone_is_what_it_is_among_others(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    query = replace(question.query, formula=None, breakdown=None, compare=False)
    together = count_trends(query, log, question.now).series
    for series, one in zip(query.series, together, strict=True):
        alone = count_trends(replace(query, series=(series,)), log, question.now).series
        assert [(row.values, row.total) for row in alone] == [(one.values, one.total)]


@given(asked)
def test_the_range_before_of_a_log_is_the_range_of_a_later_log(
    case: tuple[TrendsQuestion, Log],
) -> None:
    question, log = case
    interval = question.query.interval
    query = replace(
        question.query,
        calendar=Calendar(),  # only in UTC all days are equally long
        interval=interval if interval is Interval.HOUR else Interval.DAY,
        compare=True,
    )
    within = query.within()
    later = [
        replace(event, occurred_at=event.occurred_at + (within.until - within.since))
        for event in log
    ]
    shifted = count_trends(replace(query, compare=False), later, question.now)
    previous = count_trends(query, log, question.now).previous
    assert previous is not None
    if isinstance(query.range, TimeRange):  # the buckets of instants may lie in other places
        totals = [(one.label, one.group, one.total) for one in shifted.series]
        assert [(one.label, one.group, one.total) for one in previous.series] == totals
    else:
        assert previous.series == shifted.series


@given(asked)
def test_a_cell_has_as_many_users_as_it_says(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    query, measure = question.query, question.query.series[-1].measure
    found = count_trends(query, log, question.now).series
    rows = {one.group: one for one in found if one.label == query.labels[-1]}
    buckets = [*range(min(len(query.buckets()), 10)), *([None] if measure.days is None else [])]
    for bucket in buckets:
        groups: list[str] = []
        for group, row in rows.items():
            value = row.total if bucket is None else row.values[bucket]
            users = users_of(question, bucket, group, log)
            assert value is not None
            assert list(users) == sorted(set(users))
            if measure is Measure.EVENTS:
                assert (not users) == (value == 0)
                assert len(users) <= value
            else:
                assert len(users) == value
            groups += users
        everyone = users_of(question, bucket, ALL, log)
        assert set(groups) <= set(everyone)
        assert measure.days is not None or set(groups) == set(everyone)


def users_of(
    question: TrendsQuestion, bucket: int | None, group: Group, log: Log
) -> tuple[str, ...]:
    cell = TrendsCell(question.query.labels[-1], bucket, group)
    return trends_users(question.query, cell, log, question.now)


@given(asked)
def test_the_users_of_a_day_are_its_daily_users(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    if not isinstance(question.query.range, DateRange):
        return
    query = TrendsQuery(
        range=question.query.range,
        calendar=question.query.calendar,
        series=(TrendsSeries(measure=Measure.USERS),),
    )
    days = DailyUsersQuery(days=question.query.range, calendar=query.calendar)
    [found] = count_trends(query, log, question.now).series
    assert list(found.values) == [day.unique_users for day in count_daily_users(days, log)]


def values_of(series: LabelledSeries) -> list[float]:
    """Return the values and the total of a series that counts: there is no None among them."""
    found = [value for value in (*series.values, series.total) if value is not None]
    assert len(found) == len(series.values) + 1
    return found
