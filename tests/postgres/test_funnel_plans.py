"""How a plain ordered funnel is answered: from the index of types alone, without sorting events.

Nothing here measures time. What counts is what the server reads.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.funnel_query import FunnelQuery
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.time import TimeRange
from eventanalytics_adapters.postgres.insights.funnel_sql import FunnelSQL

EVENTS, PROJECT = 60_000, ProjectId(7)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
STEPS = ("view", "cart", "buy")

# 600 users; of a hundred events sixty are of no step, and every user does the steps in turn. Two
# users do all they do in whole days, so that some of their steps have one instant.
LOAD = b"""
INSERT INTO event (
    project_id, event_id, user_id, event_type, occurred_at, received_at, properties
)
SELECT %(project)s, gen_random_uuid(), 'user ' || i / 100,
       CASE i %% 10 WHEN 0 THEN 'view' WHEN 3 THEN 'view' WHEN 5 THEN 'cart' WHEN 7 THEN 'buy'
                    ELSE 'other' END,
       CASE WHEN i / 100 IN (3, 4) THEN date_trunc('day', at) ELSE at END, at,
       jsonb_build_object('text', repeat('x', 200))
  FROM generate_series(0, %(events)s - 1) AS i,
       LATERAL (VALUES (%(first)s::timestamptz + i * interval '1 minute')) AS moment (at)
"""


@pytest.fixture(scope="module")
def connection(postgres_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        values = {"project": PROJECT, "first": FIRST, "events": EVENTS}
        connection.execute(LOAD, values)
        connection.execute("VACUUM ANALYZE event")
        yield connection


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


@pytest.fixture(scope="module")
def plan(connection: psycopg.Connection) -> list[dict[str, Any]]:
    """The nodes of the plan of a funnel of three plain steps, and what each did."""
    within = TimeRange(FIRST, FIRST + timedelta(days=90))
    steps = tuple(map(EventSelector, STEPS))
    statements = FunnelSQL(FunnelQuery(range=within, steps=steps), PROJECT, within.until)
    explain = sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ") + statements.count()
    found = connection.execute(explain, statements.parameters, prepare=False).fetchone()
    assert found is not None
    return list(nodes(found[0][0]["Plan"]))


def test_each_step_is_read_from_the_index_alone(plan: list[dict[str, Any]]) -> None:
    scans = [node for node in plan if node["Node Type"] == "Index Only Scan"]
    assert {node["Index Name"] for node in scans} == {"event_by_type"}
    rows = sorted(node["Actual Rows"] for node in scans)
    assert rows == [EVENTS // 10, EVENTS // 10, EVENTS // 5]
    assert {node["Heap Fetches"] for node in scans} == {0}
    assert not [node for node in plan if node["Node Type"] == "Seq Scan"]


def test_of_the_table_only_the_events_of_tied_users_are_read(plan: list[dict[str, Any]]) -> None:
    read = [node for node in plan if node.get("Relation Name") == "event"]
    rows = [
        node["Actual Rows"] * node["Actual Loops"]
        for node in read
        if node["Node Type"] in {"Index Scan", "Bitmap Heap Scan"}
    ]
    assert sum(rows) == 2 * 40


def test_the_events_of_the_steps_are_not_sorted(plan: list[dict[str, Any]]) -> None:
    sorts = [node for node in plan if node["Node Type"] in {"Sort", "Incremental Sort"}]
    assert sorts
    assert max(node["Actual Rows"] for node in sorts) < EVENTS // 10
