"""What was acknowledged survives a killed server, and nothing of it is there twice."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Events, Place, Server

BATCH = 40


class Senders:
    """Several clients that post their batches one after the other, until one is not answered."""

    def __init__(self, address: str, key: str, events: "Events", count: int = 4) -> None:
        self.acknowledged: list[str] = []
        self.unanswered = 0
        self._address, self._key = address, key
        batches = [events.all[i : i + BATCH] for i in range(0, len(events.all), BATCH)]
        self._threads = [
            threading.Thread(target=self._send, args=[batches[i::count]]) for i in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _send(self, batches: list[list[object]]) -> None:
        with httpx.Client(base_url=self._address, headers={"X-API-Key": self._key}) as client:
            for batch in batches:
                try:
                    answer = client.post("/api/v1/events", json={"events": batch})
                except httpx.TransportError:
                    self.unanswered += 1
                    return
                if answer.status_code == 201:
                    entries = answer.json()["events"]
                    self.acknowledged += [entry["event_id"] for entry in entries]

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()


def kill_server(_: "Place", server: "Server") -> None:
    server.kill()


def kill_server_and_postgres(place: "Place", server: "Server") -> None:
    server.kill()
    assert place.kill_postgres() > 0


@pytest.mark.parametrize("kill", [kill_server, kill_server_and_postgres])
def test_every_acknowledged_event_is_there_once(
    prepared: "Place", events: "type[Events]", kill: Callable[["Place", "Server"], None]
) -> None:
    sent = events(240 * BATCH)
    server = prepared.serve()
    read_key, key = prepared.api_key("read"), server.shown("Ingest key")
    senders = Senders(server.address, key, sent)
    try:
        while len(senders.acknowledged) < 25 * BATCH:
            assert server.process.poll() is None
        kill(prepared, server)
    finally:
        senders.join()
    assert senders.unanswered > 0, "the kill came after the last request"
    assert len(senders.acknowledged) < len(sent.all)

    again = prepared.serve()
    stored = set(sent.stored_in(again, read_key))
    assert set(senders.acknowledged) <= stored

    # Whoever got no answer sends everything again, and nothing is there twice.
    known = created = 0
    for first in range(0, len(sent.all), 1000):
        answer = again.client.post(
            "/api/v1/events",
            json={"events": sent.all[first : first + 1000]},
            headers={"X-API-Key": key},
        ).json()
        known, created = known + answer["duplicates"], created + answer["created"]
    assert (known, created) == (len(stored), len(sent.all) - len(stored))
    assert sorted(sent.stored_in(again, read_key)) == sorted(sent.ids)
    assert again.stop() == 0


def test_a_killed_import_is_finished_by_the_next(prepared: "Place", events: "type[Events]") -> None:
    sent = events(20_000)
    file = sent.write_csv(prepared.work_dir / "events.csv")
    server = prepared.serve()
    read_key = prepared.api_key("read")
    options = ("import", str(file), "--batch-size", "500", "--data-dir", str(prepared.data_dir))
    with (prepared.path / "import.out").open("wb") as output:
        importing = prepared.start(*options, output=output, errors=output)

    def stored() -> int:
        answer = server.client.get("/api/v1/stats", headers={"X-API-Key": read_key})
        return int(answer.json()["events"])

    while stored() < 3000:
        assert importing.poll() is None
    importing.kill()
    importing.wait()
    kill_server_and_postgres(prepared, server)

    again = prepared.serve()
    found = sent.stored_in(again, read_key)
    # Whole batches, in the order of the file.
    assert 3000 <= len(found) < len(sent.all)
    assert len(found) % 500 == 0
    assert set(found) == set(sent.ids[: len(found)])
    done = prepared.run(*options)
    assert done.returncode == 0, done.stderr
    assert f"created {len(sent.all) - len(found):,}, duplicates {len(found):,}," in done.stdout
    assert sorted(sent.stored_in(again, read_key)) == sorted(sent.ids)


def test_an_import_over_http_outlives_the_server(prepared: "Place", events: "type[Events]") -> None:
    sent = events(8_000)
    file = sent.write_csv(prepared.work_dir / "events.csv")
    server = prepared.serve()
    read_key, key, address = prepared.api_key("read"), server.shown("Ingest key"), server.address
    output = prepared.path / "import.out"
    with output.open("wb") as out:
        importing = prepared.start(
            *("import", str(file), "--batch-size", "50", "--url", address),
            output=out,
            errors=out,
            environment={"EVENTANALYTICS_KEY": key},
        )
    while "/api/v1/events" not in server.log or server.log.count('"status":201') < 20:
        assert importing.poll() is None, output.read_text()
    kill_server_and_postgres(prepared, server)
    again = prepared.serve("--port", address.rpartition(":")[2])
    assert importing.wait(60) == 0, output.read_text()
    said = output.read_text()
    assert "trying again in" in said
    assert "read 8,000," in said
    assert "conflicts 0, rejected 0," in said
    assert key not in said
    assert sorted(sent.stored_in(again, read_key)) == sorted(sent.ids)


def test_a_server_whose_postgres_is_killed_goes_on_with_what_was_acknowledged(
    prepared: "Place", events: "type[Events]"
) -> None:
    sent = events(2 * BATCH)
    server = prepared.serve()
    read_key = prepared.api_key("read")
    headers = {"X-API-Key": server.shown("Ingest key")}

    def send(batch: list[Any]) -> int:
        answer = server.client.post("/api/v1/events", json={"events": batch}, headers=headers)
        return answer.status_code

    assert send(sent.all[:BATCH]) == 201
    assert prepared.kill_postgres() > 0
    prepared.wait_until(lambda: send(sent.all[BATCH:]) == 201)
    assert sorted(sent.stored_in(server, read_key)) == sorted(sent.ids)
    assert server.stop() == 0
    assert prepared.postgres_processes() == []
