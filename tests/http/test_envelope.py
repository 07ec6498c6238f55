"""What every answer has: an id, safe headers, and one line in the log that gives nothing away."""

import logging
from typing import Any

import pytest
from httpx import AsyncClient
from litestar import Litestar, get
from litestar.testing import AsyncTestClient

from eventanalytics_adapters.http.security import Openness

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

ANSWERS = [
    ("GET", "/health", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/nowhere", 404),
    ("DELETE", "/api/v1/events", 405),
    ("GET", "/api/v1/events", 401),
    ("POST", "/api/v1/auth/login", 415),
    ("GET", "/broken", 500),
]


@pytest.fixture
def app(app: Litestar) -> Litestar:
    """The application with one more route, which fails."""

    @get("/broken", opt={"access": Openness.PUBLIC})
    async def broken() -> None:
        raise RuntimeError("the password is swordfish")

    app.register(broken)
    return app


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_has_safe_headers_and_an_id(
    api: Api, method: str, path: str, status: int
) -> None:
    answer = await api.request(method, path)
    assert answer.status_code == status
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert set(problem) == {
            "type",
            "title",
            "status",
            "detail",
            "code",
            "errors",
            "request_id",
        }
        assert problem["status"] == status
        assert problem["request_id"] == answer.headers["x-request-id"]
        assert problem["type"] == f"urn:eventanalytics:problem:{problem['code']}"


@pytest.mark.parametrize("given", ["a", "req-1.2:3@host/x+y=", "x" * 64])
async def test_a_sane_id_of_the_caller_is_kept(api: Api, given: str) -> None:
    answer = await api.get("/nowhere", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given
    assert answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", '"', "<script>", "ключ".encode()])
async def test_any_other_id_is_replaced(api: Api, given: Any) -> None:
    answer = await api.get("/nowhere", headers={"X-Request-ID": given})
    assert len(answer.headers["x-request-id"]) == 32


async def test_an_unexpected_error_shows_nothing_and_is_logged_whole(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await api.get("/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "swordfish" not in answer.text
    assert "RuntimeError" not in answer.text
    (record,) = [record for record in caplog.records if record.message == "unexpected error"]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], RuntimeError)
    assert record.exc_info[2] is not None


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/events", "GET, HEAD, POST"),
        ("/api/v1/auth/login", "POST"),
        ("/health", "GET, HEAD"),
        ("/api/v1/events/550e8400-e29b-41d4-a716-446655440000", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "OPTIONS"])
async def test_a_wrong_method_is_told_the_right_ones(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = await api.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs", "/nowhere"])
async def test_head_is_get_without_the_body(api: Api, path: str) -> None:
    head, whole = await api.head(path), await api.get(path)
    assert head.status_code == whole.status_code
    assert head.content == b""
    varying = {"x-request-id", "date"}
    assert head.headers.keys() == whole.headers.keys()
    assert {name: head.headers[name] for name in head.headers if name not in varying} == {
        name: whole.headers[name] for name in whole.headers if name not in varying
    }


async def test_a_host_header_that_is_none_is_a_bad_request(wire: AsyncClient) -> None:
    answer = await wire.get("/health", headers={"Host": "a b"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


async def test_one_line_is_logged_a_request(
    api: Api, keys: dict[str, Headers], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="eventanalytics.http")
    secret = keys["shop"]["X-API-Key"]
    await api.get("/api/v1/events?user_id=somebody", headers=keys["shop"])
    await api.get("/health")
    (record,) = [record for record in caplog.records if record.name == "eventanalytics.http"]
    facts = vars(record)
    assert facts["message"] == "request"
    assert facts["method"] == "GET"
    assert facts["path"] == "/api/v1/events"
    assert facts["status"] == 200
    assert 0 < facts["duration_ms"] < 10_000
    assert facts["caller"] == "key:4"
    assert facts["project"] == "shop"
    assert secret not in str(facts)
    assert "somebody" not in str(facts)
