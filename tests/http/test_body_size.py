"""The size of a body is limited by what arrives, whatever is said of it."""

import json
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from eventanalytics_adapters.settings import Settings

Headers = dict[str, str]

PATH = "/api/v1/events"
LARGE = json.dumps({"events": [{"x": "x" * 2000}]}).encode()


@pytest.fixture
def settings() -> Settings:
    return Settings(jwt_secret_key="a secret of more than 32 bytes, for tests", max_body_bytes=1000)


async def chunks() -> AsyncIterator[bytes]:
    for start in range(0, len(LARGE), 100):
        yield LARGE[start : start + 100]


@pytest.fixture
def headers(keys: dict[str, Headers]) -> Headers:
    return keys["ingest"] | {"Content-Type": "application/json"}


async def test_a_large_body_is_refused(wire: AsyncClient, headers: Headers) -> None:
    answer = await wire.post(PATH, content=LARGE, headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "body_too_large"


async def test_a_large_body_without_its_length_is_refused(
    wire: AsyncClient, headers: Headers
) -> None:
    answer = await wire.post(PATH, content=chunks(), headers=headers)
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413


async def test_a_large_body_that_claims_to_be_small_is_refused(
    wire: AsyncClient, headers: Headers
) -> None:
    answer = await wire.post(PATH, content=chunks(), headers=headers | {"Content-Length": "10"})
    assert answer.status_code == 413


async def test_a_small_body_that_claims_to_be_large_is_refused(
    wire: AsyncClient, headers: Headers
) -> None:
    answer = await wire.post(PATH, content=b"{}", headers=headers | {"Content-Length": "5000"})
    assert answer.status_code == 413


async def test_a_length_that_is_no_number_is_refused(wire: AsyncClient, headers: Headers) -> None:
    answer = await wire.post(PATH, content=b"{}", headers=headers | {"Content-Length": "many"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


async def test_a_body_within_the_limit_is_read(wire: AsyncClient, headers: Headers) -> None:
    answer = await wire.post(PATH, content=b"{}", headers=headers)
    assert answer.status_code == 422


async def test_nobody_unknown_gets_to_send_a_body(wire: AsyncClient) -> None:
    answer = await wire.post(PATH, content=LARGE, headers={"Content-Type": "application/json"})
    assert answer.status_code == 401
