"""Who may ask: whoever may read, in their own project."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics_adapters.http.wire.examples import EVENTS, EXAMPLES

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

SCHEMA = "schema/"
FORBIDDEN = 403


async def sent(api: Api, name: str, headers: Headers, project: str = "") -> Any:
    """Ask the example's question."""
    request = EXAMPLES[name].request
    params = {"project": project} if project else {}
    if name.startswith(SCHEMA):
        return await api.get(f"/api/v1/{name}", params=request | params, headers=headers)
    return await api.post(f"/api/v1/query/{name}", json=request, params=params, headers=headers)


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_viewer_may_ask(api: Api, signed_in: Callable[[str], Headers], name: str) -> None:
    assert (await sent(api, name, signed_in("viewer"))).status_code == 200


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_key_for_ingestion_may_not_ask(
    api: Api, keys: dict[str, Headers], name: str
) -> None:
    answer = await sent(api, name, keys["ingest"])
    assert (answer.status_code, answer.json()["code"]) == (FORBIDDEN, "permission_denied")


@pytest.mark.parametrize("name", EXAMPLES)
async def test_nobody_asks_without_credentials(api: Api, name: str) -> None:
    assert (await sent(api, name, {})).status_code == 401


@pytest.mark.usefixtures("ask")
@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_key_sees_its_own_project_alone(
    api: Api, keys: dict[str, Headers], name: str
) -> None:
    named = await sent(api, name, keys["shop"], "default")
    assert (named.status_code, named.json()["code"]) == (FORBIDDEN, "permission_denied")
    own = await sent(api, name, keys["shop"])
    assert own.status_code == 200
    assert own.json() != (await sent(api, name, keys["read"])).json()
    posted = await api.post("/api/v1/events", json={"events": EVENTS}, headers=keys["shop"])
    assert posted.status_code == 201
    assert (await sent(api, name, keys["shop"])).json() == EXAMPLES[name].answer
