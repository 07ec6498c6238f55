"""The questions of the benchmark: what Postgres and DuckDB are asked, and what is hoped for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import duckdb_answers as duck

from eventanalytics.domain.breakdowns import Breakdown, GroupKind
from eventanalytics.domain.daily_users import DailyUsersQuery
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import EVENT_TYPE, Condition, Operator
from eventanalytics.domain.funnel import Funnel
from eventanalytics.domain.funnel_query import FunnelQuery
from eventanalytics.domain.lifecycle import LifecycleQuery
from eventanalytics.domain.retention import Retention
from eventanalytics.domain.retention_query import RetentionQuery
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.sessions import SessionFigures, SessionsQuery
from eventanalytics.domain.stickiness import StickinessQuery
from eventanalytics.domain.time import Calendar, DateRange
from eventanalytics.domain.top_events import TopEventsQuery
from eventanalytics.domain.trends import Trends
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics.ports.insights import Insights

PROJECT = ProjectId(1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE_TYPE, ANY_EVENT, BREAKDOWN = 1.5, 15.0, 5.0

Rows = Sequence[tuple[Any, ...]]


class Case(NamedTuple):
    """One question to both; `rows` brings Postgres' answer into the form of DuckDB's rows."""

    name: str
    ask: Callable[[Insights], Awaitable[Any]]
    rows: Callable[[Any], Rows]
    sql: str
    parameters: Mapping[str, str] = {}
    target: float | None = None
    """At most so many times DuckDB's time."""
    adapted: Callable[[Rows], Rows] = list
    """Brings DuckDB's rows into a form that can be compared, where SQL would be awkward."""


def cases(days: DateRange) -> list[Case]:
    """Return every question about these *days*."""
    found: list[Case] = [
        Case(
            "daily users, any event",
            lambda insights: insights.daily_users(PROJECT, DailyUsersQuery(days=days)),
            lambda answer: [(day.unique_users,) for day in answer],
            duck.DAILY_USERS,
            target=ANY_EVENT,
        )
    ]
    for event_type in ("add_to_cart", "app_open"):
        found += _of_one_type(days, event_type)
    found += [
        _trend(days, "daily events, any event", Measure.EVENTS, duck.DAILY_EVENTS),
        _trend(days, "daily users and total, any event", Measure.USERS, duck.USERS_WITH_TOTAL),
        _breakdown(days, "country"),
        _breakdown(days, "os"),
        Case(
            "top event types",
            lambda insights: insights.top_events(PROJECT, TopEventsQuery(days=days)),
            lambda answer: [(one.event_type, one.count, one.unique_users) for one in answer],
            duck.TOP_EVENTS,
            target=ANY_EVENT,
        ),
        _funnel(days, ("sign_up", "add_to_cart", "purchase")),
        _funnel(days, ("add_to_cart", "checkout", "purchase")),
        _funnel(days, ("view_item", "add_to_cart", "purchase")),
        _retention(days),
        _lifecycle(days),
        Case(
            "stickiness by day, any event",
            lambda insights: insights.stickiness(PROJECT, StickinessQuery(range=days), NOW),
            lambda answer: [(n, users) for n, users in enumerate(answer.exactly, 1) if users],
            duck.STICKINESS,
            target=ANY_EVENT,
        ),
        Case(
            "sessions by day",
            lambda insights: insights.sessions(PROJECT, SessionsQuery(range=days), NOW),
            lambda answer: [*map(_session, answer.figures), _session(answer.total)],
            duck.SESSIONS,
            target=ANY_EVENT,
            adapted=lambda rows: [
                (*counts, seconds / 1e6 / counts[0], median / 1e6)
                for *counts, seconds, median in rows
            ],
        ),
    ]
    return found


def all_users(days: DateRange) -> TrendsQuery:
    """Return the question whose total stands for every user of the range."""
    return TrendsQuery(range=days, series=(TrendsSeries(measure=Measure.USERS),))


USERS_CELL = TrendsCell("A")


def _of_one_type(days: DateRange, event_type: str) -> list[Case]:
    only = (Condition(EVENT_TYPE, Operator.EQ, event_type),)
    return [
        Case(
            f"daily users of {event_type}",
            lambda insights: insights.daily_users(PROJECT, DailyUsersQuery(days=days, where=only)),
            lambda answer: [(day.unique_users,) for day in answer],
            duck.DAILY_USERS_OF_TYPE,
            {"event_type": event_type},
            ONE_TYPE,
        ),
        _trend(
            days,
            f"daily events of {event_type}",
            Measure.EVENTS,
            duck.DAILY_EVENTS_OF_TYPE,
            event_type,
        ),
    ]


def _trend(
    days: DateRange, name: str, measure: Measure, sql: str, event_type: str | None = None
) -> Case:
    query = TrendsQuery(range=days, series=(TrendsSeries(event_type, measure=measure),))

    def rows(answer: Trends) -> Rows:
        [series] = answer.series
        values = [(value,) for value in series.values]
        return values if measure is Measure.EVENTS else [*values, (series.total,)]

    return Case(
        name,
        lambda insights: insights.trends(PROJECT, query, NOW),
        rows,
        sql,
        {} if event_type is None else {"event_type": event_type},
        ANY_EVENT if event_type is None else ONE_TYPE,
    )


def _breakdown(days: DateRange, name: str) -> Case:
    query = TrendsQuery(range=days, series=(TrendsSeries(),), breakdown=Breakdown(name))
    dates = [bucket.start.date() for bucket in query.buckets()]

    def rows(answer: Trends) -> Rows:
        found = [
            (series.group.value, day, count)
            for series in answer.series
            for day, count in zip(dates, series.values, strict=True)
            if count
        ]
        assert all(series.group.kind is not GroupKind.OTHER for series in answer.series)
        return sorted(found, key=_text_first)

    return Case(
        f"daily events by {name}",
        lambda insights: insights.trends(PROJECT, query, NOW),
        rows,
        duck.BREAKDOWN,
        {"property": name},
        BREAKDOWN,
        lambda found: sorted(found, key=_text_first),
    )


def _text_first(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (row[0] is None, row[0] or "", row[1])


def _funnel(days: DateRange, steps: tuple[str, str, str]) -> Case:
    query = FunnelQuery(range=days, steps=tuple(map(EventSelector, steps)))

    def rows(answer: Funnel) -> Rows:
        first, *later = answer.steps
        return [
            (
                first.users,
                *(step.users for step in later),
                *(step.median_seconds for step in later),
                *(step.average_seconds for step in later),
            )
        ]

    return Case(
        f"funnel {' > '.join(steps)}",
        lambda insights: insights.funnel(PROJECT, query, NOW),
        rows,
        duck.FUNNEL,
        dict(zip(("first", "second", "third"), steps, strict=True)),
        ONE_TYPE,
        lambda found: [
            (*users, *(median / 1e6 for median in medians), *_averages(users[1:], totals))
            for *users, median_2, median_3, total_2, total_3 in found
            for medians, totals in [((median_2, median_3), (total_2, total_3))]
        ],
    )


def _averages(users: Sequence[int], totals: Sequence[int]) -> list[float]:
    return [total / (n * 1_000_000) for n, total in zip(users, totals, strict=True)]


def _retention(days: DateRange) -> Case:
    query = RetentionQuery(range=days, periods=8)

    def rows(answer: Retention) -> Rows:
        return [
            (cohort.start.date(), column, count)
            for cohort in answer.cohorts
            for column, count in enumerate(cohort.returned)
            if count
        ]

    return Case(
        "weekly retention, any event",
        lambda insights: insights.retention(PROJECT, query, NOW),
        rows,
        duck.RETENTION,
        target=ANY_EVENT,
        adapted=lambda found: [row for row in found if row[1] <= query.periods],
    )


def _lifecycle(days: DateRange) -> Case:
    def adapted(found: Rows) -> Rows:
        gone = [0, *(row[4] for row in found)]
        return [(*row[1:4], gone[index]) for index, row in enumerate(found)]

    return Case(
        "lifecycle by day, any event",
        lambda insights: insights.lifecycle(PROJECT, LifecycleQuery(range=days), NOW),
        lambda answer: list(
            zip(answer.new, answer.returning, answer.resurrecting, answer.dormant, strict=True)
        ),
        duck.LIFECYCLE,
        target=ANY_EVENT,
        adapted=adapted,
    )


def _session(figures: SessionFigures) -> tuple[Any, ...]:
    return (
        figures.sessions,
        figures.users,
        figures.bounces,
        figures.events,
        figures.average_seconds,
        figures.median_seconds,
    )


def bounds(days: DateRange) -> dict[str, str]:
    """Return where the range begins and ends, as parameters for DuckDB."""
    within = Calendar().range_of(days)
    return {"since": f"{within.since:%Y-%m-%d}", "until": f"{within.until:%Y-%m-%d}"}


SESSION_LIMIT = timedelta(hours=24)
