"""A server ends in order, leaves nothing behind, and does not start where one is."""

import json
import signal
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Place

ID = "11111111-1111-4111-8111-111111111111"
EVENT: Any = {"user_id": "u", "event_type": "t", "occurred_at": "2025-08-01T00:00:00Z"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_in_flight_is_finished_and_postgres_is_stopped(
    prepared: "Place", number: signal.Signals
) -> None:
    server = prepared.serve()
    body = json.dumps({"events": [{**EVENT, "event_id": ID}]}).encode()
    head = (
        "POST /api/v1/events HTTP/1.1",
        "Host: localhost",
        f"X-API-Key: {server.shown('Ingest key')}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Expect: 100-continue",
        "",
        "",
    )
    host, _, port = server.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall("\r\n".join(head).encode())
        answer = connection.makefile("rb")
        assert b" 100 " in answer.readline()  # from here on it is in flight
        assert answer.readline() == b"\r\n"
        server.process.send_signal(number)
        prepared.wait_until(lambda: "Shutting down" in server.log)
        connection.sendall(body)
        assert b" 201 " in answer.readline()
        assert b'"created":1' in answer.read()
        answer.close()
    assert server.process.wait(10) == 0
    assert prepared.postgres_processes() == []
    assert "Traceback" not in server.log


def test_a_second_server_of_the_same_data_says_who_is_there(prepared: "Place") -> None:
    server = prepared.serve()
    port = server.address.rpartition(":")[2]
    for other in ("0", port):
        done = prepared.run("serve", "--port", other, "--data-dir", str(prepared.data_dir))
        assert done.returncode == 1
        assert f"already running: pid {server.process.pid} at {server.address}" in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert server.client.get("/health").status_code == 200


def test_a_port_in_use_is_said_before_anything_is_made(place: "Place") -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = place.run("serve", "--port", port, "--data-dir", str(place.data_dir))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"Error: port {port} on 127.0.0.1 is in use")
    assert not place.data_dir.exists()


def test_a_start_can_be_stopped(place: "Place") -> None:
    server = place.launch()
    deadline = time.monotonic() + 20
    while "Making the files" not in server.log and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.stop() == 0
    assert "Traceback" not in server.log
    assert "Address" not in server.text
    assert place.postgres_processes() == []
    assert place.serve().stop() == 0


def test_whoever_leaves_last_stops_postgres(prepared: "Place") -> None:
    server = prepared.serve()
    prepared.api_key("read")
    assert prepared.postgres_processes() != []
    assert server.client.get("/health").status_code == 200
    assert server.stop() == 0
    assert prepared.postgres_processes() == []
