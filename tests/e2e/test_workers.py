"""Several processes serve one address and one database."""

import os
import signal
from typing import TYPE_CHECKING

import httpx
import psutil

if TYPE_CHECKING:
    from tests.e2e.conftest import Events, Place


def workers(pid: int) -> list[psutil.Process]:
    """The processes that serve; beside them multiprocessing keeps one that only counts."""
    found = psutil.Process(pid).children(recursive=True)
    return [process for process in found if "spawn_main" in " ".join(process.cmdline())]


def test_workers_share_the_database_and_are_replaced_and_end_together(
    prepared: "Place", events: "type[Events]"
) -> None:
    sent = events(400)
    server = prepared.serve("--workers", "2")
    read_key, key = prepared.api_key("read"), server.shown("Ingest key")
    prepared.wait_until(lambda: server.log.count("Application startup complete") == 2)
    for first in range(0, 400, 10):
        # A new connection each time, which any of them may take.
        answer = httpx.post(
            f"{server.address}/api/v1/events",
            json={"events": sent.all[first : first + 10]},
            headers={"X-API-Key": key},
        )
        assert answer.status_code == 201, answer.text
    assert sorted(sent.stored_in(server, read_key)) == sorted(sent.ids)

    one, other = workers(server.process.pid)
    one.kill()
    prepared.wait_until(lambda: server.log.count("Application startup complete") == 3)
    assert other.is_running()
    assert httpx.get(f"{server.address}/health").status_code == 200
    assert server.stop() == 0
    assert prepared.postgres_processes() == []
    assert "Traceback" not in server.log


def test_ctrl_c_reaches_all_of_them(prepared: "Place") -> None:
    server = prepared.serve("--workers", "2")
    prepared.wait_until(lambda: server.log.count("Application startup complete") == 2)
    os.killpg(server.process.pid, signal.SIGINT)  # as a terminal does
    assert server.process.wait(10) == 0
    assert prepared.postgres_processes() == []
    assert "Traceback" not in server.log


def test_workers_do_not_outlive_a_killed_parent(prepared: "Place") -> None:
    server = prepared.serve("--workers", "2")
    prepared.wait_until(lambda: server.log.count("Application startup complete") == 2)
    serving = workers(server.process.pid)
    assert len(serving) == 2
    server.kill()
    _, alive = psutil.wait_procs(serving, timeout=10)
    assert alive == []
    port = server.address.rpartition(":")[2]
    assert prepared.serve("--port", port).stop() == 0
