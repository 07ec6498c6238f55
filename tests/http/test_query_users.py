"""The users behind a number: page by page, as many as the number says."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

DAYS = {"from": "2025-08-18", "to": "2025-08-20"}
VIEWS = {"range": DAYS, "series": [{"event": "view_item", "measure": "users"}]}
NAMES = ["9", "10", "Ann", "ann", "é", "ß", "\N{GRINNING FACE}", "\uffee", "a" * 200]
"""Users whose order by code points is neither that of bytes in UTF-16 nor of any language."""
SOME = [{"property": "$user_id", "op": "in", "value": ["7", "8", *NAMES]}]


async def walked(ask: Any, kind: str, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Yield the pages of *body*, following the cursors."""
    cursor: str | None = None
    while True:
        page = await ask(f"{kind}/users", {**body, "cursor": cursor})
        yield page
        cursor = page["next_cursor"]
        if cursor is None:
            return


@pytest.fixture
async def named(api: Api, keys: dict[str, Headers], ask: Any) -> Any:
    """Return what asks, once users of all kinds of names have viewed an item."""
    events = [
        {
            "event_id": f"10000000-0000-4000-8000-{number:012}",
            "user_id": name,
            "event_type": "view_item",
            "occurred_at": "2025-08-18T10:00:00Z",
        }
        for number, name in enumerate(NAMES)
    ]
    posted = await api.post("/api/v1/events", json={"events": events}, headers=keys["ingest"])
    assert posted.status_code == 201
    return ask


@pytest.mark.parametrize("limit", [1, 2, 3, 10, 11, 12, 1000])
async def test_the_pages_together_are_the_whole(named: Any, limit: int) -> None:
    everyone = sorted({*NAMES, "7", "8"})
    body = {**VIEWS, "cell": {"series": "A"}, "limit": limit}
    answer = await named("trends", {**VIEWS, "where": SOME})
    assert answer["series"][0]["total"] == len(everyone)
    pages = [page async for page in walked(named, "trends", {**body, "where": SOME})]
    assert [user for page in pages for user in page["users"]] == everyone
    assert {page["count"] for page in pages} == {len(everyone)}
    assert all(len(page["users"]) == limit for page in pages[:-1])
    assert pages[-1]["users"]


async def test_a_cell_without_users_is_an_empty_page(ask: Any) -> None:
    body = {"range": DAYS, "series": [{"event": "nothing"}], "cell": {"series": "A"}}
    assert await ask("trends/users", body) == {"users": [], "count": 0, "next_cursor": None}


PATHS = {
    "range": DAYS,
    "cell": {"step": 1, "source": {"kind": "value", "value": "view_item"}},
}


async def test_paths_keep_their_own_limit_and_page_by_another(ask: Any) -> None:
    whole = await ask("paths/users", PATHS)
    assert whole["users"] == sorted(whole["users"])
    first = await ask("paths/users", {**PATHS, "limit": 1, "users_limit": 1})
    assert (first["users"], first["count"]) == (whole["users"][:1], whole["count"])
    # With one drop-off a step told apart, whatever else there is belongs to `other`.
    other = {**PATHS, "limit": 1, "cell": {"step": 1, "source": {"kind": "other"}}}
    assert (await ask("paths/users", other))["users"] == ["8"]


MADE_UP = {
    "no base64": "!",
    "padded": base64.urlsafe_b64encode(b"7").decode(),
    "loose bits": "Nx",
    "nothing": "",
    "no text": base64.urlsafe_b64encode(b"\xff\xfe\xfd").decode(),
    "a NUL": base64.urlsafe_b64encode(b"a\x00b").decode(),
    "too long for a user": base64.urlsafe_b64encode(b"a" * 201).decode(),
    "half a pair": "\ud800",
    "not ASCII": "é",
}


@pytest.mark.parametrize("cursor", MADE_UP.values(), ids=MADE_UP.keys())
async def test_a_made_up_cursor_is_refused(api: Api, keys: dict[str, Headers], cursor: str) -> None:
    body = {**VIEWS, "cell": {"series": "A"}, "cursor": cursor}
    sent = json.dumps(body)  # escapes what is no Unicode
    headers = {**keys["read"], "Content-Type": "application/json"}
    answer = await api.post("/api/v1/query/trends/users", content=sent, headers=headers)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["path"], fault["code"]) == ("cursor", "invalid_cursor")
