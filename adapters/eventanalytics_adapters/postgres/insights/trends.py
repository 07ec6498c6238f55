"""Trends, counted by Postgres: one scan for the groups, and one for each series."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from psycopg import sql

from eventanalytics.domain.breakdowns import (
    ALL,
    NONE,
    OTHER,
    Breakdown,
    Group,
    group_of_value,
    shown_groups,
)
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.json_values import JSONValue, encode
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.time import Bucket, TimeRange
from eventanalytics.domain.trends import Measured, Trends, answer
from eventanalytics.domain.trends_measures import measured
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters, group_of
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers
from eventanalytics_adapters.postgres.insights.snapshots import Snapshot, snapshot
from eventanalytics_adapters.postgres.insights.trends_series import (
    Cells,
    Scan,
    cells_of,
    with_totals,
)

_EVENT: Final = sql.Identifier("event")
_VALUED: Final = sql.SQL("valued.value")
# OFFSET 0: see trend_numbers.sql.
_EVENT_BESIDE_GROUPS: Final = sql.SQL(
    "event CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) AS valued"
    " LEFT JOIN unnest(%(groups)s::text[]::jsonb[]) WITH ORDINALITY AS shown (value, place)"
    " ON shown.value = {group}"
)
_ONE_SLOT: Final = sql.SQL("0")
_SLOT: Final = sql.SQL("coalesce(shown.place - 1, cardinality(%(groups)s::text[]))::integer")


class PostgresTrends(PostgresAnswers):
    """Answers trends, and says who stands behind them."""

    async def trends(self, project: ProjectId, query: TrendsQuery, now: datetime) -> Trends:
        async with snapshot(self._pool) as state:
            found = await _count(state, project, query, now)
            if not query.compare:
                return found
            previous = await _count(state, project, query.before(), now)
            return msgspec.structs.replace(found, previous=previous)

    async def trends_users(
        self,
        project: ProjectId,
        query: TrendsQuery,
        cell: TrendsCell,
        now: datetime,  # noqa: ARG002 - of the port; it changes nothing here
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        series, span = cell.series_of(query), cell.span_of(query)
        async with snapshot(self._pool) as state:
            filters = Filters(query.where)
            conditions: list[sql.Composable] = [_conditions(filters, series)]
            if query.breakdown is not None and cell.group != ALL:
                group = filters.group(query.breakdown.property)
                if cell.group == OTHER:
                    shown, _ = await _groups(state, project, query, query.breakdown)
                    others = sql.SQL("{} <> ALL({})")
                    conditions.append(others.format(group, filters.jsons(_values(shown))))
                else:
                    [value] = _values([cell.group])
                    conditions.append(sql.SQL("{} = {}").format(group, filters.json(value)))
            statement = queries.TREND_MEMBERS.format(filters=sql.SQL(" AND ").join(conditions))
            [(users, count)] = await state.rows(
                statement,
                {
                    "project_id": project,
                    **_time(span),
                    "after": after,
                    "limit": limit,
                    **filters.parameters,
                },
            )
            return UserPage(tuple(users), count)


async def _count(state: Snapshot, project: ProjectId, query: TrendsQuery, now: datetime) -> Trends:
    buckets = query.buckets()
    [first, *others] = query.series
    if query.breakdown is not None and first.measure is Measure.EVENTS and not others:
        groups, cells = await _events_by_group(state, project, query, query.breakdown, buckets)
        return answer(query, groups, [_row(first, cells, groups, buckets)], now)
    shown: tuple[Group, ...] = (ALL,)
    groups = shown
    if query.breakdown is not None:
        shown, has_other = await _groups(state, project, query, query.breakdown)
        groups = shown_groups(shown, has_other=has_other)
    found: list[list[Measured]] = []
    for series in query.series:
        values: Cells = {}
        if buckets and groups:
            scan = _scan(project, query, series, shown)
            values = await cells_of(state, scan, query, series, buckets)
        found.append(_row(series, values, groups, buckets))
    return answer(query, groups, found, now)


def _row(
    series: TrendsSeries, cells: Cells, groups: Sequence[Group], buckets: Sequence[Bucket]
) -> list[Measured]:
    return [_measured(series, cells, slot, len(buckets)) for slot in range(len(groups))]


def _measured(series: TrendsSeries, cells: Cells, slot: int, buckets: int) -> Measured:
    """Return a group's values; what has no cell is what the measure is of no events."""
    nothing = measured(series, ())
    values = tuple(cells.get((slot, bucket), nothing) for bucket in range(buckets))
    has_total = series.measure.days is None
    return Measured(values, cells.get((slot, None), nothing) if has_total else None)


async def _groups(
    state: Snapshot, project: ProjectId, query: TrendsQuery, breakdown: Breakdown
) -> tuple[tuple[Group, ...], bool]:
    """Return the groups that are shown, and whether there are others."""
    filters = Filters(query.where)
    selections = sql.SQL(" OR ").join(filters.selection(series) for series in query.series)
    rows = await state.rows(
        queries.TREND_GROUPS.format(
            value=filters.value(breakdown.property),
            group=group_of(_VALUED),
            filters=sql.SQL("{} AND ({})").format(filters.expression, selections),
        ),
        {
            "project_id": project,
            **_time(query.within()),
            "limit": breakdown.limit + 1,
            **filters.parameters,
        },
    )
    found = tuple(group_of_value(value) for value, _ in rows)
    return found[: breakdown.limit], len(found) > breakdown.limit


async def _events_by_group(
    state: Snapshot,
    project: ProjectId,
    query: TrendsQuery,
    breakdown: Breakdown,
    buckets: Sequence[Bucket],
) -> tuple[tuple[Group, ...], Cells]:
    """Return the groups of a single series of events, and its values."""
    if not buckets:
        return (), {}
    filters = Filters(query.where)
    rows = await state.rows(
        queries.TREND_EVENTS_BY_GROUP.format(
            value=filters.value(breakdown.property),
            group=group_of(_VALUED),
            filters=_conditions(filters, query.series[0]),
        ),
        {
            "project_id": project,
            **_time(query.within()),
            "starts": [bucket.start for bucket in buckets],
            "limit": breakdown.limit,
            **filters.parameters,
        },
    )
    shown = {slot: group_of_value(value) for slot, value, _, _ in rows if slot < breakdown.limit}
    groups = shown_groups(
        (shown[slot] for slot in sorted(shown)),
        has_other=any(slot == breakdown.limit for slot, _, _, _ in rows),
    )
    return groups, with_totals((slot, bucket, events) for slot, _, bucket, events in rows)


def _time(span: TimeRange) -> Mapping[str, object]:
    return {"since": span.since, "until": span.until}


def _conditions(filters: Filters, series: TrendsSeries) -> sql.Composed:
    return sql.SQL("{} AND {}").format(filters.expression, filters.selection(series))


def _values(groups: Sequence[Group]) -> list[JSONValue]:
    """Return the JSON values that stand for groups in SQL."""
    return [None if group == NONE else group.value for group in groups]


def _scan(
    project: ProjectId, query: TrendsQuery, series: TrendsSeries, shown: Sequence[Group]
) -> Scan:
    """Return what the statements of a series have in common."""
    filters = Filters(query.where)
    slots: dict[str, sql.Composable] = {
        "filters": _conditions(filters, series),
        "events": _EVENT,
        "slot": _ONE_SLOT,
    }
    parameters: dict[str, object] = {"project_id": project}
    if query.breakdown is not None:
        value, group = filters.value(query.breakdown.property), group_of(_VALUED)
        beside = _EVENT_BESIDE_GROUPS.format(value=value, group=group)
        slots |= {"events": beside, "slot": _SLOT, "value": value, "group": group}
        parameters["groups"] = [encode(value).decode() for value in _values(shown)]
    if series.property is not None:
        slots["value"] = filters.value(series.property)
    return Scan(
        slots,
        {**parameters, **filters.parameters},
        of_type=series.event is not None,
        of_groups=query.breakdown is not None,
        of_index=query.breakdown is None and not query.where and not series.where,
    )
