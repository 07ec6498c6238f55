"""Post generated events in batches to a server started for the purpose, then ask for daily users.

Run: python benchmarks/post_events.py [--events 100000] [--batch-size 1000] [--connections 4]

Prints the rate, the time of the question, and the memory of the server and of its Postgres. The
generator's own cost is in the figures: server, Postgres and generator share the machine.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import psutil

COUNTRIES = ("UA", "PL", "DE", "FR", "SE")
EVENT_TYPES = ("app_open", "view_item", "add_to_cart", "purchase", "login")
FIRST_DAY = datetime(2025, 8, 1, tzinfo=UTC)
ADMIN_PASSWORD = "benchmark-password"


def batches(events: int, batch_size: int, seed: int = 7) -> Iterator[bytes]:
    """Yield the bodies of the requests; the same seed gives the same bytes."""
    chance = random.Random(seed)
    for start in range(0, events, batch_size):
        yield msgspec.json.encode(
            {
                "events": [
                    {
                        "event_id": str(UUID(int=chance.getrandbits(128), version=4)),
                        "user_id": chance.randint(1, 10_000),
                        "event_type": chance.choice(EVENT_TYPES),
                        "occurred_at": FIRST_DAY + timedelta(seconds=chance.random() * 30 * 86400),
                        "properties": {
                            "country": chance.choice(COUNTRIES),
                            "session_id": f"{chance.getrandbits(32):08x}",
                            "price": round(chance.random() * 200, 2),
                        },
                    }
                    for _ in range(min(batch_size, events - start))
                ]
            }
        )


async def post_all(url: str, key: str, bodies: list[bytes], connections: int) -> tuple[float, int]:
    """Post every body; return the seconds it took and how many events were created."""
    waiting = iter(bodies)
    created = 0
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:

        async def work() -> None:
            nonlocal created
            for body in waiting:
                answer = await client.post("/api/v1/events", content=body)
                answer.raise_for_status()
                created += answer.json()["created"]

        started = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(connections)))
        return time.perf_counter() - started, created


def memory(process: psutil.Process) -> float:
    """Return the MB that a process alone takes (its unique set)."""
    return float(process.memory_full_info().uss) / 2**20


def start_server(data_dir: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """Start `serve`; return it and the ingest key that it prints."""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "eventanalytics_adapters.cli", "serve"),
            *("--port", str(port), "--data-dir", str(data_dir)),
        ],
        env={**os.environ, "ADMIN_PASSWORD": ADMIN_PASSWORD, "LOG_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"ea_[\w-]{20,}", line):
            return server, found.group()
    raise SystemExit("the server ended before it printed a key")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--batch-size", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=4)
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        server, key = start_server(Path(folder) / "data", port)
        try:
            for _ in range(300):
                try:
                    httpx.get(f"{url}/health/ready").raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            bodies = list(batches(options.events, options.batch_size))
            seconds, created = asyncio.run(post_all(url, key, bodies, options.connections))
            again, created_again = asyncio.run(post_all(url, key, bodies, options.connections))
            login = {"username": "admin", "password": ADMIN_PASSWORD}
            token = httpx.post(f"{url}/api/v1/auth/login", json=login).json()["access_token"]
            started = time.perf_counter()
            answer = httpx.get(
                f"{url}/api/v1/stats/dau?from=2025-08-01&to=2025-08-31",
                headers={"Authorization": f"Bearer {token}"},
            ).raise_for_status()
            asked = time.perf_counter() - started
            postgres = [
                process
                for process in psutil.process_iter(["name", "cmdline"])
                if process.info["name"] == "postgres"
            ]
            print(f"posted     {created} events in {seconds:.2f} s: {created / seconds:,.0f} /s")
            print(
                f"again      {created_again} new of {options.events} duplicates in {again:.2f} s: "
                f"{options.events / again:,.0f} /s"
            )
            busiest = max(day["unique_users"] for day in answer.json()["data"])
            print(f"DAU        31 days in {asked * 1000:.0f} ms; busiest day {busiest} users")
            print(f"server     {memory(psutil.Process(server.pid)):.0f} MB")
            print(f"Postgres   {sum(map(memory, postgres)):.0f} MB in {len(postgres)} processes")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


if __name__ == "__main__":
    main()
