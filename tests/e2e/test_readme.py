"""The calls that the README shows answer what it says, on a server started for the first time."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.e2e.conftest import Place

README = Path(__file__).parents[2] / "README.md"


def shown_calls() -> list[tuple[str, Any]]:
    """Return each curl command that stands before an answer, with that answer."""
    section = README.read_text().split("\n## Collect and ask\n")[1].split("\n## ")[0]
    pairs = re.findall(r"```sh\n(curl .*?)\n```\n\n```json\n(.*?)\n```", section, re.DOTALL)
    return [(command, json.loads(answer)) for command, answer in pairs]


def shown_sign_in() -> str:
    """Return the commands that sign in and leave the token in ``TOKEN``."""
    found = re.search(r"```sh\n(TOKEN=.*?)\n```", README.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def answered(command: str, *, sign_in: str, password: str, address: str) -> Any:
    """Do as the README says, with curl where there is one."""
    host = address.removeprefix("http://")
    command, sign_in = (text.replace("localhost:8000", host) for text in (command, sign_in))
    if shutil.which("curl"):
        script = f"{sign_in}\n{command.replace('curl', 'curl -sS', 1)}"
        done = subprocess.run(
            ["/bin/sh", "-ec", script],
            env={"PASSWORD": password, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)
    login = {"username": "admin", "password": password}
    token = httpx.post(f"{address}/api/v1/auth/login", json=login).json()["access_token"]
    words = shlex.split(command.replace("$TOKEN", token))[1:]
    url = next(word for word in words if word.startswith(host))
    named = dict(pairwise(words))
    headers = dict(words[i + 1].split(": ", 1) for i, word in enumerate(words) if word == "-H")
    return httpx.request(
        named.get("-X", "GET"), f"http://{url}", headers=headers, content=named.get("-d")
    ).json()


def without_receipt_times(answer: Any) -> Any:
    """Return *answer* without what differs from one run to the next."""
    for event in answer.get("events", []):
        event.pop("received_at", None)
    return answer


def test_every_call_of_the_readme_answers_what_it_says(place: "Place") -> None:
    server = place.serve()
    calls = shown_calls()
    assert len(calls) == 8
    for command, answer in calls:
        given = answered(
            command,
            sign_in=shown_sign_in(),
            password=server.shown("Password"),
            address=server.address,
        )
        assert without_receipt_times(given) == without_receipt_times(answer), command
