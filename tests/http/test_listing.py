"""Listing events: filters, pages, cursors, and every parameter that cannot be meant."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

PATH = "/api/v1/events"


def event(number: int, occurred_at: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": f"00000000-0000-4000-8000-{number:012}",
        "user_id": "7",
        "event_type": "view",
        "occurred_at": occurred_at,
    } | changes


EVENTS = [
    event(0, "2025-08-01T00:00:00Z", properties={"country": "UA", "price": 5}),
    event(1, "2025-08-01T21:00:00Z", properties={"country": "PL", "price": "5"}),
    event(2, "2025-08-02T00:00:00Z", event_type="buy", properties={"a": {"b": True}}),
    event(3, "2025-08-02T12:00:00Z", user_id="8", properties={"country": "UA", "price": 5.0}),
    event(4, "2025-08-02T12:00:00Z", user_id="8", properties={"price": 6}),
]


@pytest.fixture
async def asked(api: Api, keys: dict[str, Headers]) -> Any:
    """Return what asks for events and returns their numbers, once there are some."""
    body = {"events": EVENTS}
    assert (await api.post(PATH, json=body, headers=keys["ingest"])).status_code == 201

    async def ask(query: str) -> list[int]:
        answer = await api.get(f"{PATH}?{query}", headers=keys["read"])
        assert answer.status_code == 200, answer.text
        return [int(found["event_id"][-12:]) for found in answer.json()["events"]]

    return ask


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [4, 3, 2, 1, 0]),
        ("user_id=8", [4, 3]),
        ("event_type=buy", [2]),
        ("user_id=8&event_type=buy", []),
        ("from=2025-08-02", [4, 3, 2]),
        ("to=2025-08-01", [1, 0]),
        ("from=2025-08-01&to=2025-08-01", [1, 0]),
        ("from=2025-08-01&to=2025-08-02", [4, 3, 2, 1, 0]),
        ("from=2025-08-02&timezone=Europe/Kyiv", [4, 3, 2, 1]),
        ("to=2025-08-01&timezone=Europe/Kyiv", [0]),
        ("from=2025-08-01T21:00:00Z&to=2025-08-02T12:00:00Z", [2, 1]),
        ("from=2025-08-02T00:00:00%2B03:00&to=2025-08-02T00:00:00", [1]),
        ("from=2025-08-01T21:00:00Z&to=2025-08-01", [1]),
        ("from=2025-08-02T12:00:00Z&to=2025-08-02T12:00:00Z", []),
        ("properties.country=UA", [3, 0]),
        ("properties.price=5", [3, 1, 0]),
        ("properties.price=5.0", [3, 0]),
        ("properties.price=5&properties.country=PL", [1]),
        ("properties.a.b=true", [2]),
        ("properties.country=", []),
        ("limit=2", [4, 3]),
        ("limit=1000", [4, 3, 2, 1, 0]),
        ("offset=4", [0]),
        ("offset=5", []),
        ("limit=2&offset=1", [3, 2]),
    ],
)
async def test_what_is_asked_for_is_listed_latest_first(
    asked: Any, query: str, numbers: list[int]
) -> None:
    assert await asked(query) == numbers


async def test_an_answer_has_the_members_of_the_contract(
    api: Api, asked: Any, keys: dict[str, Headers]
) -> None:
    answer = await api.get(PATH + "?limit=1&offset=4", headers=keys["read"])
    assert answer.json() == {
        "events": [
            EVENTS[0] | {"received_at": "2025-08-21T12:00:00Z"},
        ],
        "count": 1,
        "limit": 1,
        "offset": 4,
        "next_cursor": None,
    }


async def test_cursors_lead_through_every_event_once(
    api: Api, asked: Any, keys: dict[str, Headers]
) -> None:
    numbers: list[int] = []
    cursor: str | None = None
    for _ in range(3):
        where = {"limit": "2"} | ({} if cursor is None else {"cursor": cursor})
        page = (await api.get(PATH, params=where, headers=keys["read"])).json()
        numbers += [int(found["event_id"][-12:]) for found in page["events"]]
        assert page["offset"] == (0 if cursor is None else None)
        cursor = page["next_cursor"]
    assert numbers == [4, 3, 2, 1, 0]
    assert cursor is None


REFUSED = [
    ("limit=0", "limit", "out_of_range"),
    ("limit=1001", "limit", "out_of_range"),
    ("limit=-1", "limit", "out_of_range"),
    ("limit=ten", "limit", "invalid_integer"),
    ("limit=1e2", "limit", "invalid_integer"),
    ("limit=", "limit", "invalid_integer"),
    ("limit=" + "9" * 5000, "limit", "invalid_integer"),
    ("limit=%D9%A1", "limit", "invalid_integer"),
    ("limit=1&limit=1", "limit", "repeated_parameter"),
    ("offset=-1", "offset", "out_of_range"),
    ("offset=10000001", "offset", "out_of_range"),
    ("offset=0&cursor=x", "cursor", "offset_and_cursor"),
    ("cursor=made-up", "cursor", "invalid_cursor"),
    ("cursor=", "cursor", "empty_text"),
    ("cursor=W10", "cursor", "invalid_cursor"),
    ("from=2025-08-02&to=2025-08-01", "from", "invalid_range"),
    ("from=2025-08-02T00:00:01Z&to=2025-08-02T00:00:00Z", "from", "invalid_range"),
    ("from=2025-08-03T00:00:00Z&to=2025-08-02", "from", "invalid_range"),
    ("from=2025-08-03&to=2025-08-03T00:00:00Z", "from", "invalid_range"),
    ("from=2025-02-30", "from", "invalid_date"),
    ("from=yesterday", "from", "invalid_datetime"),
    ("from=20250801", "from", "invalid_datetime"),
    ("to=2025-08-01T00:00:00+02:00", "to", "invalid_datetime"),
    ("from=0001-01-01T00:00:00%2B14:00", "from", "invalid_datetime"),
    ("from=0001-01-01T00:00:00Z", "from", "date_out_of_range"),
    ("from=1969-12-31", "from", "date_out_of_range"),
    ("to=9999-12-31", "to", "date_out_of_range"),
    ("timezone=Mars/Olympus", "timezone", "unknown_timezone"),
    ("timezone=../../etc/passwd", "timezone", "unknown_timezone"),
    ("timezone=", "timezone", "empty_text"),
    ("user_id=", "user_id", "empty_text"),
    ("user_id=a%00", "user_id", "nul_character"),
    ("event_type=a%00", "event_type", "nul_character"),
    ("event_type=a&event_type=b", "event_type", "repeated_parameter"),
    ("project=a&project=b", "project", "repeated_parameter"),
    ("properties.=x", "properties.", "empty_text"),
    ("properties.a=%00", "properties.a", "nul_character"),
    ("&".join(["properties.a=1"] * 51), "properties.a", "too_many_conditions"),
    ("user=7", "user", "unknown_parameter"),
    ("USER_ID=7", "USER_ID", "unknown_parameter"),
    ("properties=x", "properties", "unknown_parameter"),
    ("from%00=x", "", "nul_character"),
    ("user_id=%FF", "", "invalid_unicode"),
    ("&".join(["a=1"] * 1001), "", "too_many_parameters"),
]


@pytest.mark.parametrize(("query", "path", "code"), REFUSED, ids=[r[0][:40] for r in REFUSED])
async def test_what_cannot_be_meant_is_named(
    api: Api, keys: dict[str, Headers], query: str, path: str, code: str
) -> None:
    answer = await api.get(f"{PATH}?{query}", headers=keys["read"])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_query"
    assert [(fault["path"], fault["code"]) for fault in problem["errors"]] == [(path, code)]


async def test_every_fault_is_named_at_once(api: Api, keys: dict[str, Headers]) -> None:
    answer = await api.get(PATH + "?limit=x&form=1&from=2025-13-01", headers=keys["read"])
    assert [(fault["path"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("form", "unknown_parameter"),
        ("from", "invalid_date"),
        ("limit", "invalid_integer"),
    ]


async def test_a_plus_that_became_a_space_is_explained(api: Api, keys: dict[str, Headers]) -> None:
    answer = await api.get(PATH + "?to=2025-08-01T00:00:00+02:00", headers=keys["read"])
    assert "%2B" in answer.json()["errors"][0]["message"]


async def test_one_event_is_found_by_its_id(api: Api, asked: Any, keys: dict[str, Headers]) -> None:
    wanted = EVENTS[2]
    answer = await api.get(f"{PATH}/{wanted['event_id']}", headers=keys["read"])
    assert answer.status_code == 200
    assert answer.json() == wanted | {"received_at": "2025-08-21T12:00:00.000002Z"}


async def test_an_event_that_is_not_there_is_not_found(
    api: Api, asked: Any, keys: dict[str, Headers]
) -> None:
    path = f"{PATH}/550e8400-e29b-41d4-a716-446655440000"
    answer = await api.get(path, headers=keys["read"])
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_event"
    other = await api.get(f"{PATH}/{EVENTS[0]['event_id']}", headers=keys["shop"])
    assert other.status_code == 404, "it is another project's"


@pytest.mark.parametrize(
    "event_id", ["1", "550e8400-e29b-41d4-a716", "%00", "%F0%9F%98%80", "x" * 999]
)
async def test_an_id_that_is_none_is_refused(
    api: Api, keys: dict[str, Headers], event_id: str
) -> None:
    answer = await api.get(f"{PATH}/{event_id}", headers=keys["read"])
    assert answer.status_code == 422
    assert [(fault["path"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("event_id", "invalid_uuid")
    ]
