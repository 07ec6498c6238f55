"""Recording: the verdict on each event, and what a batch as a whole may be."""

import gzip
import json
from typing import Any
from uuid import UUID

import pytest
from dependency_injector import providers
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics.errors import StoreUnavailableError
from eventanalytics.memory import InMemoryEventStore
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.settings import Settings

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

A, B = "550e8400-e29b-41d4-a716-446655440000", "6f1c1b0e-2b63-4d1c-9c8c-1f3d2f0a9b11"
PATH = "/api/v1/events"


def event(**changes: Any) -> dict[str, Any]:
    whole = {
        "event_id": A,
        "user_id": "7",
        "event_type": "purchase",
        "occurred_at": "2025-08-21T10:30:00Z",
        "properties": {"country": "UA"},
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


async def post(api: Api, headers: Headers, *events: Any) -> Response:
    body = json.dumps({"events": events}).encode()
    return await api.post(
        PATH, content=body, headers=headers | {"Content-Type": "application/json"}
    )


def without_id(problem: dict[str, Any]) -> dict[str, Any]:
    assert problem.pop("request_id")
    return problem


async def test_a_new_event_is_created(api: Api, keys: dict[str, Headers]) -> None:
    answer = await post(api, keys["ingest"], event())
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "processed": 1,
        "created": 1,
        "duplicates": 0,
        "conflicts": 0,
        "rejected": 0,
        "events": [{"event_id": A, "status": "created"}],
    }


async def test_each_event_has_its_verdict_in_order(api: Api, keys: dict[str, Headers]) -> None:
    await post(api, keys["ingest"], event())
    answer = await post(
        api,
        keys["ingest"],
        event(event_id=B),
        event(),
        event(user_id="8"),
        event(event_id="no uuid", user_id=None),
        event(event_id="9c1d6f0a-58f3-4d5c-8f6f-0a3f4f1b2c3d", occurred_at="yesterday"),
    )
    assert answer.status_code == 207
    body = answer.json()
    assert [entry["status"] for entry in body["events"]] == [
        "created",
        "duplicate",
        "conflict",
        "rejected",
        "rejected",
    ]
    assert {name: body[name] for name in body if name != "events"} == {
        "processed": 5,
        "created": 1,
        "duplicates": 1,
        "conflicts": 1,
        "rejected": 2,
    }
    assert [set(entry) for entry in body["events"][:3]] == [{"event_id", "status"}] * 3
    nameless, named = body["events"][3:]
    assert nameless["event_id"] is None
    assert [(e["path"], e["code"]) for e in nameless["errors"]] == [
        ("events[3].event_id", "invalid_uuid"),
        ("events[3].user_id", "invalid_type"),
    ]
    assert named["event_id"] == "9c1d6f0a-58f3-4d5c-8f6f-0a3f4f1b2c3d"
    assert [(e["path"], e["code"]) for e in named["errors"]] == [
        ("events[4].occurred_at", "invalid_datetime")
    ]


async def test_a_batch_of_which_nothing_is_kept_is_a_problem_with_its_receipt(
    api: Api, keys: dict[str, Headers]
) -> None:
    answer = await post(api, keys["ingest"], event(event_type=""))
    fault = {
        "path": "events[0].event_type",
        "code": "empty_text",
        "message": "must not be empty",
    }
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert without_id(answer.json()) == {
        "type": "urn:eventanalytics:problem:all_rejected",
        "title": "All rejected",
        "status": 422,
        "detail": "none of the 1 events could be kept",
        "code": "all_rejected",
        "errors": [fault],
        "processed": 1,
        "created": 0,
        "duplicates": 0,
        "conflicts": 0,
        "rejected": 1,
        "events": [{"event_id": A, "status": "rejected", "errors": [fault]}],
    }


TOO_DEEP: Any = {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}
FAULTY = {
    "no event_id": (event(event_id=...), "event_id", "missing_field"),
    "no user_id": (event(user_id=...), "user_id", "missing_field"),
    "no event_type": (event(event_type=...), "event_type", "missing_field"),
    "no occurred_at": (event(occurred_at=...), "occurred_at", "missing_field"),
    "an unknown field": (event(name="x"), "name", "unknown_field"),
    "no uuid": (event(event_id="550e8400"), "event_id", "invalid_uuid"),
    "an empty event_type": (event(event_type=""), "event_type", "empty_text"),
    "a long event_type": (event(event_type="x" * 201), "event_type", "too_long"),
    "an event_type that is a number": (event(event_type=1), "event_type", "invalid_type"),
    "an empty user_id": (event(user_id=""), "user_id", "empty_text"),
    "no date": (event(occurred_at="2025-02-30T00:00:00Z"), "occurred_at", "invalid_datetime"),
    "two hours ahead": (event(occurred_at="2025-08-21T14:00:00Z"), "occurred_at", "in_future"),
    "before 1970": (event(occurred_at="1969-12-31T23:59:59Z"), "occurred_at", "too_early"),
    "properties that are a list": (event(properties=[]), "properties", "invalid_type"),
    "properties that are null": (event(properties=None), "properties", "invalid_type"),
    "33 KiB": (event(properties={"a": "x" * 33 * 1024}), "properties", "too_large"),
    "nine levels": (
        event(properties=TOO_DEEP | {"a": TOO_DEEP}),
        "properties" + ".a" * 8,
        "too_deep",
    ),
    "a NUL": (event(properties={"a": "x\0"}), "properties.a", "nul_character"),
    "a NUL in a name": (event(user_id="x\0"), "user_id", "nul_character"),
    "half a surrogate pair": (event(properties={"a": "\ud83d"}), "properties", "invalid_unicode"),
    "half a pair as an event_id": (event(event_id="\ud83d"), "event_id", "invalid_uuid"),
    "half a pair as a date": (event(occurred_at="\ud83d"), "occurred_at", "invalid_datetime"),
    "half a pair as a field": (event(**{"\ud83d": 1}), "?", "unknown_field"),
    "400 digits": (event(properties={"a": int("9" * 400)}), "properties.a", "number_out_of_range"),
    "256 keys": (event(properties={f"k{i}": 1 for i in range(256)}), "properties", "too_many_keys"),
    "no object": (7, "", "invalid_type"),
}


@pytest.mark.parametrize("case", FAULTY.values(), ids=FAULTY.keys())
async def test_a_faulty_event_is_named_and_harms_no_other(
    api: Api, keys: dict[str, Headers], container: Container, case: tuple[Any, str, str]
) -> None:
    faulty, path, code = case
    answer = await post(api, keys["ingest"], event(event_id=B), faulty)
    assert answer.status_code == 207
    fine, refused = answer.json()["events"]
    assert fine == {"event_id": B, "status": "created"}
    assert refused["status"] == "rejected"
    place = "events[1]" + (f".{path}" if path else "")
    assert [(fault["path"], fault["code"]) for fault in refused["errors"]] == [(place, code)]
    project = await container.find_project()("default")
    assert await container.event_store().get(project.id, UUID(B))
    assert not await container.event_store().get(project.id, UUID(A))


async def test_one_id_twice_in_a_batch_is_stored_once(api: Api, keys: dict[str, Headers]) -> None:
    answer = await post(api, keys["ingest"], event(), event(), event(user_id="8"))
    assert answer.status_code == 201
    statuses = [entry["status"] for entry in answer.json()["events"]]
    assert statuses == ["created", "duplicate", "conflict"]


BATCHES = {
    "nothing": (b"", "", "invalid_json"),
    "no JSON": (b"{", "", "invalid_json"),
    "no UTF-8": (b'{"events": ["\xff"]}', "", "invalid_json"),
    "NaN": (b'{"events": [NaN]}', "", "invalid_json"),
    "a list": (b"[]", "", "invalid_batch"),
    "null": (b"null", "", "invalid_batch"),
    "an empty object": (b"{}", "events", "missing_field"),
    "no list": (b'{"events": {}}', "events", "invalid_type"),
    "an unknown member": (b'{"events": [], "x": 1}', "x", "unknown_field"),
    "an empty list": (b'{"events": []}', "events", "empty_batch"),
    "too many": (json.dumps({"events": [event()] * 1001}).encode(), "events", "too_many_events"),
    "a well": (b'{"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "", "too_deep"),
}


@pytest.mark.parametrize(("body", "path", "code"), BATCHES.values(), ids=BATCHES.keys())
async def test_a_body_that_is_no_batch_is_refused(
    api: Api, keys: dict[str, Headers], body: bytes, path: str, code: str
) -> None:
    headers = keys["ingest"] | {"Content-Type": "application/json"}
    answer = await api.post(PATH, content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_batch"
    assert [(fault["path"], fault["code"]) for fault in problem["errors"]] == [(path, code)]


async def test_the_size_of_a_batch_is_a_setting(
    container: Container, keys: dict[str, Headers]
) -> None:
    few = Settings(jwt_secret_key="a secret of more than 32 bytes, for tests", max_batch_events=2)
    container.settings.override(providers.Object(few))
    async with AsyncTestClient(create_app(container, lifespan=None)) as api:
        assert (await post(api, keys["ingest"], event(), event())).status_code == 201
        assert (await post(api, keys["ingest"], event(), event(), event())).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_another_type_of_body_is_refused(
    api: Api, keys: dict[str, Headers], headers: Headers
) -> None:
    body = gzip.compress(b"{}") if "Content-Encoding" in headers else b"{}"
    answer = await api.post(PATH, content=body, headers=keys["ingest"] | headers)
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON", "application/json; charset=UTF-8"]
)
async def test_json_is_recognised_however_it_is_written(
    api: Api, keys: dict[str, Headers], content_type: str
) -> None:
    body = json.dumps({"events": [event()]}).encode()
    headers = keys["ingest"] | {"Content-Type": content_type}
    assert (await api.post(PATH, content=body, headers=headers)).status_code == 201


class DownEventStore(InMemoryEventStore):
    async def append(self, *_: Any) -> Any:
        raise StoreUnavailableError from ConnectionError("postgres://user:secret@db")


async def test_a_store_that_is_down_says_when_to_come_again(
    container: Container, keys: dict[str, Headers]
) -> None:
    container.event_store.override(providers.Object(DownEventStore()))
    async with AsyncTestClient(create_app(container, lifespan=None)) as api:
        answer = await post(api, keys["ingest"], event())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["code"] == "store_unavailable"
    assert "secret" not in answer.text
