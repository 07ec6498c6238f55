"""docs/http-api.md tells of every call, and what it shows is what the server says."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics_adapters.http.openapi import document
from eventanalytics_adapters.http.problem_examples import PROBLEM_CODES
from eventanalytics_adapters.http.wire.examples import EVENTS, EXAMPLES

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

TEXT = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text("utf-8")
BY_THE_FRAMEWORK = {"bad_request", "not_found", "method_not_allowed"}


def sections() -> dict[str, str]:
    """Return the text about each call, by its method and path."""
    found = re.split(r"^### ((?:GET|POST) \S+)$", TEXT, flags=re.MULTILINE)
    return {
        name: text.split("\n## ")[0] for name, text in zip(found[1::2], found[2::2], strict=True)
    }


def blocks(text: str) -> list[Any]:
    """Return the JSON values that are shown."""
    found = re.findall(r"^```json\n(.*?)\n```$", text, flags=re.DOTALL | re.MULTILINE)
    return [json.loads(block) for block in found]


def calls(app: Litestar) -> dict[str, dict[str, Any]]:
    """Return the operations as OpenAPI describes them, by their method and path."""
    described = json.loads(msgspec.json.encode(document(app)))
    return {
        f"{method.upper()} {path}": operation
        for path, item in described["paths"].items()
        for method, operation in item.items()
    }


def example(part: dict[str, Any]) -> Any:
    content = part["content"]["application/json"]
    if "example" in content:
        return content["example"]
    [first, *_] = content["examples"].values()
    return first["value"]


async def test_every_call_is_told_of(app: Litestar) -> None:
    assert set(sections()) == set(calls(app))


async def test_what_is_shown_is_what_openapi_shows(app: Litestar) -> None:
    operations = calls(app)
    for name, text in sections().items():
        operation = operations[name]
        *requests, answer = blocks(text)
        if "requestBody" in operation:
            assert requests == [example(operation["requestBody"])], name
        else:
            assert requests == [], name
        [status] = [status for status in ("200", "201") if status in operation["responses"]]
        expected = example(operation["responses"][status])
        if "query" in expected and "query" not in answer:  # it is shown once, and told to be there
            del expected["query"]
        assert answer == expected, name


@pytest.mark.usefixtures("ask")
async def test_the_addresses_that_are_shown_are_good(api: Api, keys: dict[str, Headers]) -> None:
    shown = re.findall(r"^```text\nGET (\S+)\n```$", TEXT, flags=re.MULTILINE)
    assert len(shown) >= 6
    for address in shown:
        answer = await api.get(address, headers=keys["read"])
        assert answer.status_code == (404 if "/550e8400" in address else 200), address
        path, _, query = address.partition("?")
        given = dict(pair.split("=") for pair in query.split("&")) if query else {}
        if (name := path.removeprefix("/api/v1/")) in EXAMPLES:
            assert given == EXAMPLES[name].request


def test_the_events_that_are_shown_are_those_of_the_examples() -> None:
    rows = re.findall(r"^\| (\S+) \| `(\w+)` \| (\S+) \| `(.*)` \|$", TEXT, flags=re.MULTILINE)
    assert [
        {"user_id": user, "event_type": kind, "occurred_at": at, "properties": json.loads(shown)}
        for user, kind, at, shown in rows
    ] == [{name: event[name] for name in event if name != "event_id"} for event in EVENTS]


async def test_the_problem_that_is_shown_is_answered(api: Api, keys: dict[str, Headers]) -> None:
    [shown] = blocks(TEXT.split("\n## Sign in\n")[0])
    body = {**EXAMPLES["trends"].request, "series": [{"where": [{"property": "a", "op": "like"}]}]}
    answer = await api.post("/api/v1/query/trends", json=body, headers=keys["read"])
    assert answer.json() | {"request_id": None} == shown | {"request_id": None}


def test_every_code_of_a_problem_is_listed() -> None:
    table = TEXT.split("| status | `code` |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", table)) == PROBLEM_CODES | BY_THE_FRAMEWORK
