"""Demo events in a Postgres and in a DuckDB, kept in a folder from run to run."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import psycopg

from eventanalytics_adapters.demo import FORMATS, Delivery, World, deliveries, lines
from eventanalytics_adapters.postgres import schema

RECEIVED = datetime(2025, 11, 1, tzinfo=UTC)
"""When the first event was received; each of the others a microsecond after the one before."""

_LOAD = """
COPY event (project_id, received_at, event_id, occurred_at, user_id, event_type, properties)
FROM STDIN (FORMAT csv)
"""
_CREATE = """
CREATE TABLE event AS
SELECT event_id, occurred_at, received_at, user_id, event_type, properties
  FROM read_csv(?, header = false, columns = {
           project_id: 'INTEGER', received_at: 'TIMESTAMP', event_id: 'UUID',
           occurred_at: 'TIMESTAMP', user_id: 'VARCHAR', event_type: 'VARCHAR', properties: 'JSON'
       })
"""


def fill(world: World, folder: Path, dsn: str) -> None:
    """Load both databases, unless an earlier run did; a world that is another one is refused."""
    wanted = {"events": world.events, "seed": world.seed, "days": world.days}
    mark = folder / "loaded.json"
    if mark.exists():
        if (found := json.loads(mark.read_text())) != wanted:
            raise SystemExit(f"{folder} holds {found}: give another --cache, or empty it")
        return
    schema.migrate(dsn)
    table = folder / "events.csv"
    started = time.perf_counter()
    with psycopg.connect(dsn, autocommit=True) as connection, table.open("wb") as file:
        connection.execute("TRUNCATE event")
        with connection.cursor().copy(_LOAD) as copy:
            for block in _blocks(world):
                copy.write(block)
                file.write(block)
        print(f"Postgres: {world.events:,} rows in {time.perf_counter() - started:.0f} s")
        # What autovacuum does in its own time: statistics, and which pages all may see.
        connection.execute("VACUUM (ANALYZE, FREEZE) event")
    started = time.perf_counter()
    database_path(folder).unlink(missing_ok=True)
    with duckdb.connect(database_path(folder)) as database:
        database.execute(_CREATE, [str(table)])
    print(f"DuckDB: the same rows in {time.perf_counter() - started:.0f} s")
    table.unlink()
    mark.write_text(json.dumps(wanted))


def database_path(folder: Path) -> Path:
    """Return where the file of DuckDB is."""
    return folder / "events.duckdb"


def _blocks(world: World) -> Iterator[bytes]:
    """Yield the rows of each hour, each event once, in the order in which they arrive."""
    received = RECEIVED
    for arrived in deliveries(world):
        block: list[Delivery] = [delivery for delivery in arrived if not delivery[-1]]
        rows: list[bytes] = []
        for line in lines(FORMATS[".csv"], block).splitlines(keepends=True):
            rows.append(f"1,{received:%Y-%m-%d %H:%M:%S.%f},".encode() + line)
            received += timedelta(microseconds=1)
        yield b"".join(rows)
