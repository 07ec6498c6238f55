"""A question to a running server: what is sent, and what becomes of each answer."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from eventanalytics.errors import InvalidQueryError, UnknownProjectError
from eventanalytics_adapters.cli.querying import asking
from eventanalytics_adapters.cli.querying.over_http import ServerError, ask_server
from eventanalytics_adapters.cli.querying.questions import QUESTIONS

if TYPE_CHECKING:
    from tests.cli.conftest import Asked

URL = "http://example.org/analytics/"


def ask(
    answer: httpx.Response | Exception,
    kind: str = "trends",
    asked: bytes = b"{}",
    project: str | None = None,
) -> tuple[bytes, httpx.Request]:
    """Return what comes of *answer*, and the request that it answers."""
    requests: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    found = ask_server(
        QUESTIONS[kind],
        asked,
        url=URL,
        key="ea_x",
        project=project,
        transport=httpx.MockTransport(serve),
    )
    return found, requests[0]


def problem(status: int, code: str, detail: str = "", **members: Any) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": detail, **members})


def test_a_body_is_posted_and_the_answer_comes_back_as_it_is() -> None:
    body = b'{"range": "\xc3\xa9"}'
    found, request = ask(httpx.Response(200, json={"a": 1}), "funnel", body, "shop")
    assert json.loads(found) == {"a": 1}
    assert request.method == "POST"
    assert str(request.url) == "http://example.org/analytics/api/v1/query/funnel?project=shop"
    assert request.content == body
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-API-Key"] == "ea_x"


def test_parameters_are_asked_for() -> None:
    asked = b"from=2025-08-01&segment=properties.a%26b%3Ax&segment=user_id%3A7"
    _, request = ask(httpx.Response(200, json={}), "top", asked, "shop")
    assert request.method == "GET"
    assert request.url.path == "/analytics/api/v1/stats/top-events"
    assert request.url.params.multi_items() == [
        ("from", "2025-08-01"),
        ("segment", "properties.a&b:x"),
        ("segment", "user_id:7"),
        ("project", "shop"),
    ]


def test_faults_are_those_of_the_question() -> None:
    fault = {"path": "range.from", "code": "invalid_date", "message": "must be a date"}
    with pytest.raises(InvalidQueryError) as refused:
        ask(problem(400, "invalid_query", errors=[fault]))
    assert [fault.path for fault in refused.value.faults] == ["range.from"]


def test_a_project_that_the_server_does_not_know() -> None:
    with pytest.raises(UnknownProjectError):
        ask(problem(404, "unknown_project"), project="x")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(401, "invalid_key", "the key is not valid"), "401 the key is not valid"),
        (problem(504, "query_timeout", "it took too long"), "504 it took too long"),
        (httpx.Response(502, text="<html>"), "502 Bad Gateway"),
        (httpx.Response(302, headers={"Location": "/login"}), "302 Found"),
        (httpx.Response(200, text="<html>"), "no server of this API answers there"),
        (httpx.ConnectError("Connection refused"), "Connection refused"),
        (httpx.ReadTimeout(""), "ReadTimeout"),
    ],
)
def test_every_other_answer_is_a_sentence(answer: httpx.Response | Exception, said: str) -> None:
    with pytest.raises(ServerError) as refused:
        ask(answer)
    assert said in str(refused.value)
    assert "ea_x" not in str(refused.value)


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the server refuse with an error."""

    def refuse(error: Exception) -> None:
        def ask_server(*_: object, **__: object) -> bytes:
            raise error

        monkeypatch.setattr(asking, "ask_server", ask_server)

    return refuse


def test_faults_of_a_server_are_said_in_options(
    asked: "Asked", serving: Callable[[Exception], None]
) -> None:
    serving(InvalidQueryError.of("where[0].value", "invalid_type", "must be a number"))
    done = asked.run("trends", "--where", "a>b", "--url", URL, EVENTANALYTICS_KEY="ea_x")
    assert done.exit_code == 2
    assert done.stderr.endswith("Error: --where 'a>b': value: must be a number\n")
    assert asked.opened == 0


def test_a_server_that_does_not_answer_is_no_mistake_of_the_options(
    asked: "Asked", serving: Callable[[Exception], None]
) -> None:
    serving(ServerError("http://example.org: Connection refused"))
    done = asked.run("dau", "--url", URL, "--key", "ea_x")
    assert done.exit_code == 1
    assert done.stderr == "Error: http://example.org: Connection refused\n"
