"""How sessions and paths are counted: from the order of an index, without a sort of all events.

Nothing here measures time. What counts is what the server sorts and what it writes to disk.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.breakdowns import OTHER
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.paths import PathsCell, PathsQuery
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.sessions import SessionsCell, SessionsQuery
from eventanalytics.domain.time import DateRange
from eventanalytics_adapters.postgres import PostgresInsights

PROJECT, EVENTS, USERS = ProjectId(7), 60_000, 2_000
DAYS = DateRange(date(2025, 1, 1), date(2025, 3, 31))
NOW = datetime(2025, 6, 1, tzinfo=UTC)

# Ten events a minute apart make a session; a user's sessions are weeks apart, but one user has an
# event every half hour for three weeks. Stored by time, as events come.
LOAD = b"""
INSERT INTO event (
    project_id, event_id, user_id, event_type, occurred_at, received_at, properties
)
SELECT %(project)s, gen_random_uuid(), user_id, event_type, occurred_at, occurred_at,
       jsonb_build_object('page', page)
  FROM (
           SELECT 'user ' || i %% %(users)s AS user_id, 'type ' || i * j %% 12 AS event_type,
                  timestamptz '2025-01-01 UTC' + i * interval '20 minutes'
                      + j * interval '1 minute' AS occurred_at,
                  j AS page
             FROM generate_series(1, %(events)s / 10) AS i, generate_series(1, 10) AS j
            UNION ALL
           SELECT 'restless', 'ping', timestamptz '2025-02-01 UTC' + i * interval '30 minutes', 1
             FROM generate_series(1, 1000) AS i
       ) AS visit
 ORDER BY occurred_at
"""


class ExplainingInsights(PostgresInsights):
    """Answers as ever, and keeps the plan of the last answer."""

    plan: dict[str, Any]

    async def _fetch(
        self, query: sql.Composed, parameters: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        explain = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ")
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(b"SET LOCAL work_mem = '4MB'")
            cursor = await connection.execute(explain + query, parameters, prepare=False)
            [(found,)] = await cursor.fetchall()
        self.plan = found[0]["Plan"]
        return await super()._fetch(query, parameters)


@pytest.fixture(scope="module")
async def insights(postgres_pool: AsyncConnectionPool) -> ExplainingInsights:
    async with postgres_pool.connection() as connection:
        await connection.execute(LOAD, {"project": PROJECT, "events": EVENTS, "users": USERS})
        await connection.execute(b"VACUUM ANALYZE event")
    return ExplainingInsights(postgres_pool)


def nodes_in(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes_in(below)


def assert_frugal(plan: dict[str, Any], *, sessions: int) -> None:
    """Assert that no sort meets more rows than there are sessions, and that no disk is used."""
    shown = json.dumps(plan, indent=1)
    assert plan["Temp Written Blocks"] == 0, shown
    for node in nodes_in(plan):
        if node["Node Type"] in {"Sort", "Incremental Sort"}:
            assert node["Actual Rows"] <= sessions, shown


def scans_of_events(plan: dict[str, Any]) -> set[tuple[str, str | None]]:
    """Return the kinds of the scans, each with its index."""
    return {
        (node["Node Type"], node.get("Index Name"))
        for node in nodes_in(plan)
        if node.get("Relation Name") == "event"
    }


FOUND = 6_000 + 21  # the restless user is cut into days


async def test_sessions_are_formed_in_the_order_of_the_index(
    insights: ExplainingInsights,
) -> None:
    query = SessionsQuery(range=DAYS)
    found = await insights.sessions(PROJECT, query, NOW)
    assert (found.total.sessions, found.total.events) == (FOUND, EVENTS + 1000)
    assert_frugal(insights.plan, sessions=FOUND)
    assert scans_of_events(insights.plan) == {("Index Only Scan", "event_by_user")}
    users = await insights.sessions_users(
        PROJECT, query, SessionsCell(bucket=3), NOW, after=None, limit=10
    )
    assert users.count == found.figures[3].users > 0
    assert_frugal(insights.plan, sessions=FOUND)
    assert scans_of_events(insights.plan) == {("Index Only Scan", "event_by_user")}


async def test_conditions_leave_no_more_to_sort_than_they_let_through(
    insights: ExplainingInsights,
) -> None:
    where = (Condition("page", Operator.EQ, 1),)
    found = await insights.sessions(PROJECT, SessionsQuery(range=DAYS, where=where), NOW)
    assert (found.total.sessions, found.total.events) == (FOUND, 7_000)
    assert_frugal(insights.plan, sessions=7_000)


async def test_a_short_range_does_not_read_everything(insights: ExplainingInsights) -> None:
    days = DateRange(date(2025, 2, 24), date(2025, 2, 24))
    found = await insights.sessions(PROJECT, SessionsQuery(range=days), NOW)
    assert found.total.sessions > 70
    pages = insights.plan["Shared Hit Blocks"] + insights.plan["Shared Read Blocks"]
    assert pages < 200, json.dumps(insights.plan, indent=1)


@pytest.mark.parametrize(
    "query",
    [
        PathsQuery(range=DAYS),
        PathsQuery(range=DAYS, by="page", collapse_repeats=True),
        PathsQuery(range=DAYS, start=EventSelector("type 5"), end=EventSelector("ping"), limit=1),
    ],
)
async def test_paths_sort_no_more_than_a_session_at_a_time(
    insights: ExplainingInsights, query: PathsQuery
) -> None:
    await insights.paths(PROJECT, query, NOW)
    assert_frugal(insights.plan, sessions=FOUND)
    assert {index for _, index in scans_of_events(insights.plan)} == {"event_by_user"}
    await insights.paths_users(PROJECT, query, PathsCell(1, OTHER), NOW, after=None, limit=10)
    assert_frugal(insights.plan, sessions=FOUND)
