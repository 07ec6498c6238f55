"""Ask Postgres and DuckDB the same questions about the same demo events; compare answers and times.

Run: python benchmarks/questions.py [--events 5000000] [--seed 7] [--runs 5] [--cache FOLDER]
     [--only TEXT]

Needs the dependency group bench. The first run fills an embedded Postgres and a DuckDB file in the
cache folder; later ones find them there. Postgres is asked through the Insights port, in this
process, one question at a time; DuckDB has all cores. The two take turns, and what counts is the
ratio of their medians, for other work on the machine slows both. An answer that differs ends the
run. "spill" is what Postgres wrote to temporary files, "memory" the peak of this process while
Postgres alone was asked.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import duckdb_answers
from demo_database import database_path, fill
from psycopg_pool import AsyncConnectionPool
from question_cases import (
    NOW,
    PROJECT,
    SESSION_LIMIT,
    USERS_CELL,
    Case,
    Rows,
    all_users,
    bounds,
    cases,
)

from eventanalytics.domain.time import DateRange
from eventanalytics_adapters.demo import World
from eventanalytics_adapters.embedded import EmbeddedPostgres
from eventanalytics_adapters.postgres import PostgresInsights, open_pool

PAGE, PAGE_TARGET = 1000, 2.0
MAX_MEMORY_MB = 300
HEADER = (
    f"{'question':48} {'Postgres':>9} {'DuckDB':>9} {'ratio':>7} {'target':>7} {'spill':>8} "
    f"{'memory':>7}"
)


class Asked:
    """One question, and how it went."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.postgres: list[float] = []
        self.duckdb: list[float] = []
        self.spilled = 0
        self.memory = 0

    @property
    def ratio(self) -> float:
        """How many times DuckDB's time Postgres takes."""
        return statistics.median(self.postgres) / statistics.median(self.duckdb)

    def line(self) -> str:
        """Return the question's line of the table."""
        target = self.case.target
        missed = [
            *(["slow"] if target and self.ratio > target else []),
            *(["spill"] if self.spilled else []),
            *(["memory"] if self.memory > MAX_MEMORY_MB else []),
        ]
        return (
            f"{self.case.name:48} {_ms(self.postgres)} {_ms(self.duckdb)} {self.ratio:7.2f} "
            f"{f'{target:g}' if target else '':>7} {self.spilled / 2**20:5.0f} MB "
            f"{self.memory:4} MB {'  MISSED: ' + ', '.join(missed) if missed else ''}".rstrip()
        )


async def alone(asked: Asked, insights: PostgresInsights, pool: AsyncConnectionPool) -> None:
    """Ask Postgres alone, and note memory and temporary files."""
    before = await _temporary_bytes(pool)
    _forget_peak()
    await asked.case.ask(insights)
    asked.memory = _peak_mb()
    asked.spilled = await _temporary_bytes(pool) - before


async def compare(
    asked: Asked,
    insights: PostgresInsights,
    database: duckdb.DuckDBPyConnection,
    parameters: Mapping[str, str],
    runs: int,
) -> None:
    """Ask both in turns; the first round is not timed."""
    case = asked.case
    given = {
        name: value
        for name, value in {**parameters, **case.parameters}.items()
        if f"${name}" in case.sql
    }
    for run in range(runs + 1):
        started = time.perf_counter()
        answer = await case.ask(insights)
        between = time.perf_counter()
        rows = database.execute(case.sql, given).fetchall()
        ended = time.perf_counter()
        if run:
            asked.postgres.append(between - started)
            asked.duckdb.append(ended - between)
    _must_agree(case.name, case.rows(answer), case.adapted(rows))


async def page(
    insights: PostgresInsights, database: duckdb.DuckDBPyConnection, days: DateRange, runs: int
) -> str:
    """Time a page of the users behind a cell against the question that counts them."""
    query = all_users(days)
    every = [user for (user,) in database.execute(duckdb_answers.USERS, bounds(days)).fetchall()]
    counts: list[float] = []
    pages: list[float] = []
    for after in [None, every[len(every) // 2]]:
        expected = [user for user in every if after is None or user > after][:PAGE]
        for _ in range(runs):
            started = time.perf_counter()
            await insights.trends(PROJECT, query, NOW)
            between = time.perf_counter()
            found = await insights.trends_users(
                PROJECT, query, USERS_CELL, NOW, after=after, limit=PAGE
            )
            ended = time.perf_counter()
            counts.append(between - started)
            pages.append(ended - between)
            _must_agree("users", [(found.count, found.users)], [(len(every), tuple(expected))])
    ratio = statistics.median(pages) / statistics.median(counts)
    return (
        f"{f'a page of {PAGE:,} of {len(every):,} users, and their count':48} {_ms(pages)} "
        f"{_ms(counts)} {ratio:7.2f} {PAGE_TARGET:7g}{'   MISSED' if ratio > PAGE_TARGET else ''}"
    )


async def run(options: argparse.Namespace, world: World, dsn: str) -> None:
    days = DateRange(world.first_day, world.last_day)
    wanted = [Asked(case) for case in cases(days) if options.only in case.name]
    timeout = timedelta(minutes=5)
    async with open_pool(dsn, min_size=1, max_size=1, statement_timeout=timeout) as pool:
        insights = PostgresInsights(pool)
        for asked in wanted:
            await alone(asked, insights, pool)
        with duckdb.connect(database_path(options.cache), read_only=True) as database:
            _check_sessions(database, bounds(days))
            print(
                f"{world.events:,} events; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            )
            print(HEADER)
            for asked in wanted:
                await compare(asked, insights, database, bounds(days), options.runs)
                print(asked.line(), flush=True)
            if not options.only:
                print(f"\n{'':48} {'page':>9} {'count':>9}")
                print(await page(insights, database, days, options.runs))
            print(f"load {os.getloadavg()[0]:.1f} at the end")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cache", type=Path, default=Path("data/benchmark"))
    parser.add_argument("--only", default="", help="the questions with this text in their name")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    world = World(events=options.events, seed=options.seed)
    with EmbeddedPostgres(options.cache / "postgres", report=print).running() as dsn:
        fill(world, options.cache, dsn)
        asyncio.run(run(options, world, dsn))


def _must_agree(name: str, ours: Rows, theirs: Rows) -> None:
    ours, theirs = list(ours), list(theirs)
    if len(ours) != len(theirs):
        raise SystemExit(f"{name}: {len(ours)} rows and {len(theirs)} rows")
    for one, other in zip(ours, theirs, strict=True):
        if not _same(one, other):
            raise SystemExit(f"{name}: Postgres says {one}, DuckDB {other}")


def _same(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    """Tell whether two rows are equal; floats may differ in the last digits of a division."""
    return len(ours) == len(theirs) and all(
        abs(one - other) <= 1e-9 * abs(other) if isinstance(other, float) else one == other
        for one, other in zip(ours, theirs, strict=True)
    )


def _check_sessions(database: duckdb.DuckDBPyConnection, parameters: Mapping[str, str]) -> None:
    [longest] = database.execute(duckdb_answers.LONGEST_SESSION, parameters).fetchone() or (0,)
    if longest >= SESSION_LIMIT / timedelta(microseconds=1):
        raise SystemExit("a session is a day long: DuckDB's question does not cut it")


async def _temporary_bytes(pool: AsyncConnectionPool) -> int:
    """Return how much the database has ever written to temporary files."""
    async with pool.connection() as connection:
        # What a session has done is counted when it is asked to, else about once a second.
        await connection.execute("SELECT pg_stat_force_next_flush()")
        cursor = await connection.execute(
            "SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()"
        )
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


def _forget_peak() -> None:
    """Let the peak of the memory begin anew, where the kernel can (Linux)."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def _peak_mb() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    [peak] = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


def _ms(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:6.0f} ms"


if __name__ == "__main__":
    main()
