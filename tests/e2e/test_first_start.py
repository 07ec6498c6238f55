"""One command and no settings: a person sees what to do next, and it works."""

import json
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.e2e.conftest import Place, Server


def printed_curl(server: "Server") -> str:
    found = re.search(r"^  curl .*?\}'$", server.text, re.MULTILINE | re.DOTALL)
    assert found is not None, server.text
    return found[0]


def send_as_printed(command: str) -> Any:
    """Do what the command says, with curl itself where there is one."""
    if shutil.which("curl"):
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)
    _, url, *options = shlex.split(command)
    named = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in named if option == "-H")
    [body] = [value for option, value in named if option == "-d"]
    return httpx.post(url, headers=headers, content=body).json()


def check_that_the_owner_alone_reads(data_dir: Path) -> None:
    files = [path for path in data_dir.iterdir() if path.is_file()]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert modes["jwt-secret"] == 0o600
    assert not any(mode & 0o077 for mode in modes.values()), modes
    assert not stat.S_IMODE(data_dir.stat().st_mode) & 0o007
    assert not list(data_dir.glob("*.new"))


def test_the_first_start_shows_what_to_do_and_the_second_keeps_the_data(place: "Place") -> None:
    server = place.serve()
    assert max(map(len, server.text.splitlines())) <= 80
    key, password = server.shown("Ingest key"), server.shown("Password")

    # What was printed works when it is pasted, and once more.
    command = printed_curl(server)
    assert key in command
    assert send_as_printed(command)["created"] == 1
    assert send_as_printed(command)["duplicates"] == 1

    answer = server.client.post(
        "/api/v1/auth/login", json={"username": "admin", "password": password}
    )
    assert answer.status_code == 200, answer.text
    signed_in = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    body = re.search(r"'(\{.*\})'", command, re.DOTALL)
    assert body is not None
    day = json.loads(body[1])["events"][0]["occurred_at"][:10]

    def ask(asked: "Server", path: str, **params: str) -> Any:
        answer = asked.client.get(f"/api/v1/{path}", params=params, headers=signed_in)
        assert answer.status_code == 200, answer.text
        return answer.json()

    span = {"from": day, "to": day}
    assert ask(server, "stats/dau", **span)["data"] == [{"date": day, "unique_users": 1}]
    [top] = ask(server, "stats/top-events", **span)["data"]
    assert (top["event_type"], top["count"]) == ("page_view", 1)
    [cohort] = ask(server, "stats/retention", start_date=day, windows="1")["data"]
    assert cohort["cohort_size"] == 1
    assert server.client.get("/docs").status_code == 200
    assert server.client.get("/health").json()["status"] == "healthy"

    # Standard error has nothing but JSON lines.
    assert all(json.loads(line)["level"] for line in server.log.splitlines())
    for secret in (key, password):
        assert secret not in server.log

    assert server.stop() == 0
    assert place.postgres_processes() == []
    check_that_the_owner_alone_reads(place.data_dir)

    again = place.serve()
    assert "Password" not in again.text
    assert "ea_" not in again.text
    assert "create-key" in again.text
    # The secret that signs tokens is the same: whoever was signed in still is.
    assert ask(again, "stats")["events"] == 1
    assert again.stop() == 0


def test_settings_decide_the_first_administrator(prepared: "Place") -> None:
    settings = "ADMIN_USERNAME=file\nADMIN_PASSWORD=from the .env file\n"
    (prepared.work_dir / ".env").write_text(settings)
    server = prepared.serve(ADMIN_USERNAME="ada")
    assert server.shown("Username") == "ada"
    assert "from the .env file" not in server.text + server.log
    answer = server.client.post(
        "/api/v1/auth/login", json={"username": "ada", "password": "from the .env file"}
    )
    assert answer.status_code == 200, answer.text

    # Another one is made while the server runs; the password is taken from the same file.
    prepared.on_data("create-admin", "--username", "grace", "--email", "grace@example.org")
    answer = server.client.post(
        "/api/v1/auth/login", json={"username": "grace", "password": "from the .env file"}
    )
    assert answer.json()["user"]["role"] == "admin"


def test_without_a_server_the_commands_find_the_data_too(prepared: "Place") -> None:
    prepared.on_data("migrate")
    key = prepared.api_key("ingest", "read")
    assert prepared.postgres_processes() == []
    server = prepared.serve()
    answer = server.client.get("/api/v1/events", headers={"X-API-Key": key})
    assert answer.status_code == 200, answer.text
