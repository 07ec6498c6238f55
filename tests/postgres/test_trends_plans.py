"""How Postgres answers trends: what comes from an index alone, what is spilt, what is one state."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.breakdowns import Breakdown
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.time import DateRange, Interval
from eventanalytics.domain.trends_query import Measure, TrendsQuery, TrendsSeries
from eventanalytics.testing.contracts.rules import SIGN_UP
from eventanalytics_adapters.postgres import PostgresEventStore, PostgresInsights, open_pool
from eventanalytics_adapters.postgres.insights.snapshots import Snapshot

PROJECT = ProjectId(7)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MARCH = DateRange(date(2025, 3, 1), date(2025, 3, 31))

# 90 days of 60,000 events by 3,001 users; one in a hundred is a purchase.
LOAD = b"""
INSERT INTO event (
    project_id, event_id, user_id, event_type, occurred_at, received_at, properties
)
SELECT 7, gen_random_uuid(), 'user ' || i %% 3001,
       CASE WHEN i %% 100 = 0 THEN 'purchase' ELSE 'view' END,
       %(first)s::timestamptz + i * interval '2 minutes', %(first)s::timestamptz,
       jsonb_build_object('country', 'c' || i %% 40, 'price', i %% 977)
  FROM generate_series(1, 60000) AS i
"""


@pytest.fixture(scope="module")
def loaded_dsn(postgres_dsn: str) -> str:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        connection.execute(LOAD, {"first": datetime(2025, 2, 1, tzinfo=UTC)})
        connection.execute("VACUUM ANALYZE event")
    return postgres_dsn


@pytest.fixture(scope="module")
async def pool(loaded_dsn: str) -> AsyncIterator[AsyncConnectionPool]:
    async with open_pool(loaded_dsn, min_size=1, max_size=2) as pool:
        yield pool


async def plans_of(
    pool: AsyncConnectionPool, query: TrendsQuery, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Answer *query*, and return the plan of each statement that was run for it."""
    plans: list[dict[str, Any]] = []
    rows = Snapshot.rows

    async def explained(self: Snapshot, statement: sql.Composed, parameters: Any) -> Any:
        explain = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ")
        [(found,)] = await rows(self, explain + statement, parameters)
        plans.append(found[0]["Plan"])
        return await rows(self, statement, parameters)

    monkeypatch.setattr(Snapshot, "rows", explained)
    await PostgresInsights(pool).trends(PROJECT, query, NOW)
    return plans


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes_of(below)


COUNTED = [
    TrendsSeries("purchase"),
    TrendsSeries("purchase", measure=Measure.USERS),
    TrendsSeries("purchase", measure=Measure.EVENTS_PER_USER),
    TrendsSeries("purchase", measure=Measure.WEEKLY_ACTIVE_USERS),
]


@pytest.mark.parametrize("series", COUNTED, ids=lambda series: series.measure.value)
async def test_one_event_type_is_counted_from_the_index_alone(
    pool: AsyncConnectionPool, series: TrendsSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = await plans_of(pool, TrendsQuery(range=MARCH, series=(series,)), monkeypatch)
    for plan in plans:
        scans = [node["Node Type"] for node in nodes_of(plan) if "Relation Name" in node]
        assert scans == ["Index Only Scan"] * len(scans) != [], json.dumps(plan, indent=1)
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 250


async def test_a_short_range_does_not_read_the_table(
    pool: AsyncConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = DateRange(MARCH.first, MARCH.first)
    series = tuple(
        TrendsSeries(measure=measure, property="price" if measure.of_property else None)
        for measure in Measure
        if measure is not Measure.MONTHLY_ACTIVE_USERS
    )
    query = TrendsQuery(
        range=day, series=series, interval=Interval.HOUR, breakdown=Breakdown("country", 5)
    )
    plans = await plans_of(pool, query, monkeypatch)
    for plan in plans:
        kinds = {node["Node Type"] for node in nodes_of(plan)}
        assert "Seq Scan" not in kinds, json.dumps(plan, indent=1)


async def test_a_single_series_of_events_is_broken_down_in_one_scan(
    pool: AsyncConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = TrendsQuery(range=MARCH, series=(TrendsSeries(),), breakdown=Breakdown("country", 5))
    [plan] = await plans_of(pool, query, monkeypatch)
    assert len([node for node in nodes_of(plan) if "Relation Name" in node]) == 1


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("breakdown", [None, Breakdown("country")])
async def test_nothing_is_spilt_to_disk(
    pool: AsyncConnectionPool,
    measure: Measure,
    breakdown: Breakdown | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    series = TrendsSeries(measure=measure, property="price" if measure.of_property else None)
    query = TrendsQuery(range=MARCH, series=(series,), breakdown=breakdown)
    for plan in await plans_of(pool, query, monkeypatch):
        for node in nodes_of(plan):
            assert not node["Temp Written Blocks"], json.dumps(plan, indent=1)


async def test_an_answer_knows_one_state_of_the_store(
    pool: AsyncConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that comes while a question is answered is in none of its statements."""
    project, store = ProjectId(8), PostgresEventStore(pool)
    await store.append(project, [SIGN_UP])
    rows, asked = Snapshot.rows, 0

    async def beside(self: Snapshot, statement: sql.Composed, parameters: Any) -> Any:
        nonlocal asked
        asked += 1
        found = await rows(self, statement, parameters)
        again = msgspec.structs.replace(SIGN_UP, event_id=UUID(int=asked))
        await store.append(project, [again])
        return found

    monkeypatch.setattr(Snapshot, "rows", beside)
    day = SIGN_UP.occurred_at.date()
    query = TrendsQuery(
        range=DateRange(day - timedelta(days=1), day),
        series=(TrendsSeries(), TrendsSeries("sign_up")),
        breakdown=Breakdown("plan"),
    )
    found = await PostgresInsights(pool).trends(project, query, NOW)
    assert asked == 3
    assert [one.total for one in found.series] == [1, 1]
