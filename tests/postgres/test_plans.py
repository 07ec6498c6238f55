"""How much of the table a question reads: a page of events and a small answer come from an index.

Nothing here measures time. What counts is the number of pages that the server touches.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from eventanalytics.domain.filters import EventFilter
from eventanalytics.ports.events import Position
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters

EVENTS, PROJECT = 60_000, 7
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
LAST_ID = UUID(int=2**128 - 1)

# 3,000 users; one event in a thousand is a purchase; a minute between two events, but the last
# third of them all occurred at one instant, as after an import of whole days.
LOAD = b"""
INSERT INTO event (
    project_id, event_id, user_id, event_type, occurred_at, received_at, properties
)
SELECT %(project)s, gen_random_uuid(), 'user ' || i %% 3001,
       CASE WHEN i %% 1000 = 0 THEN 'purchase' ELSE 'view' END,
       %(first)s::timestamptz + least(i, %(events)s * 2 / 3) * interval '1 minute',
       %(first)s::timestamptz + i * interval '1 minute',
       '{"country": "UA", "price": 12.5}'
  FROM generate_series(1, %(events)s) AS i
"""


@pytest.fixture(scope="module")
def connection(postgres_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        values = {"project": PROJECT, "first": FIRST, "events": EVENTS}
        connection.execute(LOAD, values)
        connection.execute("VACUUM ANALYZE event")
        yield connection


def explain(
    connection: psycopg.Connection, query: sql.SQL, filters: Filters, **parameters: object
) -> tuple[dict[str, Any], set[str], int]:
    """Run the query; return its plan, the kinds of its nodes, and the pages it touched."""
    explain_it = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ")
    found = connection.execute(
        explain_it + query.format(filters=filters.expression),
        {"project_id": PROJECT, **parameters, **filters.parameters},
        prepare=False,
    ).fetchone()
    assert found is not None
    plan = found[0][0]["Plan"]
    return plan, set(kinds_in(plan)), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def kinds_in(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["Node Type"]
    for below in plan.get("Plans", []):
        yield from kinds_in(below)


def minutes(number: int) -> datetime:
    return FIRST + timedelta(minutes=number)


def at(number: int) -> Position:
    """The position just after the event of this number."""
    occurred_at = minutes(min(number, EVENTS * 2 // 3))
    return occurred_at, minutes(number), LAST_ID


FILTERS = {
    "no filter": EventFilter(),
    "one user": EventFilter(user_id="user 17"),
    "one event type": EventFilter(event_type="purchase"),
    "a frequent event type": EventFilter(event_type="view"),
    "one user's events of a type": EventFilter(user_id="user 17", event_type="view"),
    "a range": EventFilter(since=minutes(9_000), until=minutes(12_000)),
}


# The first page, and pages after events at the beginning and in the middle of the one instant, and
# far down; the range has one in its middle.
PAGES = [
    (wanted, number)
    for wanted in FILTERS
    for number in (None, EVENTS - 10, EVENTS * 5 // 6, EVENTS // 6)
    if wanted != "a range" or number in {None, EVENTS // 6}
]


@pytest.mark.parametrize(("wanted", "number"), PAGES)
def test_a_page_reads_little_wherever_it_lies(
    connection: psycopg.Connection, wanted: str, number: int | None
) -> None:
    filters = Filters.of(FILTERS[wanted], None if number is None else at(number))
    plan, kinds, pages = explain(connection, queries.LIST_EVENTS, filters, limit=20, offset=0)
    assert "Seq Scan" not in kinds, json.dumps(plan, indent=1)
    assert pages < 100, json.dumps(plan, indent=1)


def test_the_table_is_large_enough_for_these_tests(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT pg_relation_size('event') / 8192").fetchone()
    assert found is not None
    assert found[0] > 800


def test_an_event_is_found_by_the_primary_key(connection: psycopg.Connection) -> None:
    found = connection.execute(
        b"EXPLAIN (FORMAT JSON) " + queries.GET_EVENT,
        {"project_id": PROJECT, "event_id": LAST_ID},
    ).fetchone()
    assert found is not None
    assert found[0][0]["Plan"]["Index Name"] == "event_unique"


def test_daily_users_of_one_event_type_are_counted_from_the_index_alone(
    connection: psycopg.Connection,
) -> None:
    filters = Filters.of(EventFilter(event_type="purchase"))
    days = [FIRST + timedelta(days=day) for day in range(43)]
    plan, kinds, pages = explain(
        connection, queries.DAILY_USERS, filters, starts=days[:-1], since=days[0], until=days[-1]
    )
    assert "Index Only Scan" in kinds, json.dumps(plan, indent=1)
    assert pages < 20, json.dumps(plan, indent=1)


@pytest.mark.parametrize("query", ["DAILY_USERS", "TOP_EVENTS"])
def test_a_short_range_does_not_read_the_table(connection: psycopg.Connection, query: str) -> None:
    hours = [minutes(9_000 + 60 * hour) for hour in range(3)]
    plan, kinds, pages = explain(
        connection,
        getattr(queries, query),
        Filters(),
        starts=hours[:-1],
        since=hours[0],
        until=hours[-1],
        limit=10,
    )
    assert "Seq Scan" not in kinds, json.dumps(plan, indent=1)
    assert pages < 60, json.dumps(plan, indent=1)
