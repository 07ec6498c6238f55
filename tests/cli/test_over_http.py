"""Over HTTP a batch is repeated until the server has taken it, and no longer than is sensible."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from eventanalytics.domain.events import Receipt, Refusal, Submission, Verdict
from eventanalytics.errors import Fault
from eventanalytics.memory import FixedClock
from eventanalytics_adapters.cli.importing.over_http import (
    ATTEMPTS,
    MAX_BATCH_EVENTS,
    HttpRecorder,
    RemoteRefusedError,
    RemoteUnavailableError,
    retry_after,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "ea_not-for-other-eyes"
Handler = Callable[[httpx.Request], httpx.Response]


def event(number: int) -> Submission:
    return Submission(
        event_id=UUID(int=number),
        user_id="u",
        event_type="view",
        occurred_at=NOW,
        properties={"n": number},
    )


def accept(request: httpx.Request) -> httpx.Response:
    events = json.loads(request.content)["events"]
    entries = [{"event_id": e["event_id"], "status": "created"} for e in events]
    return httpx.Response(201, json={"events": entries})


class Server:
    """Answers with each of *first* in turn, then accepts."""

    def __init__(self, *first: Handler | httpx.Response | Exception) -> None:
        self.first, self.requests, self.pauses = list(first), list[httpx.Request](), list[float]()
        self.said: list[str] = []

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.first.pop(0) if self.first else accept
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def record(self, *batch: Submission | Refusal, project: str | None = None) -> Receipt:
        async with httpx.AsyncClient(
            transport=httpx.MockTransport(self.handle),
            base_url="http://events.example/",
            headers={"X-API-Key": KEY},
        ) as client:
            recorder = HttpRecorder(
                client, FixedClock(NOW), project=project, report=self.said.append, sleep=self.pause
            )
            return await recorder(batch)


def problem(status: int, **fields: Any) -> httpx.Response:
    return httpx.Response(status, json={"status": status, **fields})


async def test_a_batch_is_posted_with_the_key() -> None:
    server = Server()
    receipt = await server.record(event(1), event(2))
    assert receipt.entries == ((UUID(int=1), Verdict.CREATED), (UUID(int=2), Verdict.CREATED))
    [request] = server.requests
    assert (request.method, request.url.path) == ("POST", "/api/v1/events")
    assert request.headers["X-API-Key"] == KEY
    assert json.loads(request.content)["events"][0]["properties"] == {"n": 1}
    assert "project" not in request.url.params


async def test_a_project_is_named_only_when_it_was_given() -> None:
    server = Server()
    await server.record(event(1), project="shop")
    assert server.requests[0].url.params["project"] == "shop"


async def test_what_was_refused_while_reading_is_not_sent_and_keeps_its_place() -> None:
    refused = Refusal((Fault("user_id", "empty_text", "must not be empty"),))
    server = Server()
    receipt = await server.record(event(1), refused, event(2))
    assert receipt.entries[1] is refused
    assert receipt.count(Verdict.CREATED) == 2
    assert len(json.loads(server.requests[0].content)["events"]) == 2


async def test_nothing_is_sent_when_nothing_was_readable() -> None:
    server = Server()
    await server.record(Refusal(()))
    assert server.requests == []


async def test_verdicts_and_refusals_of_the_server_are_handed_on() -> None:
    error = {"path": "events[2].occurred_at", "code": "in_future", "message": "is in the future"}
    entries = [
        {"event_id": str(UUID(int=1)), "status": "duplicate"},
        {"event_id": str(UUID(int=2)), "status": "conflict"},
        {"event_id": None, "status": "rejected", "errors": [error]},
    ]
    server = Server(httpx.Response(207, json={"processed": 3, "events": entries}))
    receipt = await server.record(event(1), event(2), event(3))
    assert receipt.entries == (
        (UUID(int=1), Verdict.DUPLICATE),
        (UUID(int=2), Verdict.CONFLICT),
        Refusal((Fault(**error),)),
    )


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut off"),
        httpx.Response(503),
        httpx.Response(429),
        httpx.Response(502),
    ],
)
async def test_trouble_that_passes_is_waited_out(trouble: httpx.Response | Exception) -> None:
    server = Server(trouble, trouble)
    receipt = await server.record(event(1))
    assert receipt.count(Verdict.CREATED) == 1
    assert len({request.content for request in server.requests}) == 1
    assert len(server.requests) == 3
    assert 0.3 < server.pauses[0] < server.pauses[1] < 1.5


async def test_the_server_says_how_long_to_wait() -> None:
    server = Server(
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(503, headers={"Retry-After": "Thu, 01 Jan 2026 00:00:09 GMT"}),
    )
    await server.record(event(1))
    assert server.pauses == [7.0, 9.0]


async def test_trouble_that_stays_ends_the_import() -> None:
    server = Server(*[httpx.ConnectError("refused")] * ATTEMPTS)
    with pytest.raises(RemoteUnavailableError, match=r"http://events\.example: refused"):
        await server.record(event(1))
    assert len(server.requests) == ATTEMPTS
    assert len(server.pauses) == ATTEMPTS - 1
    assert max(server.pauses) <= 40


@pytest.mark.parametrize("status", [401, 403, 404, 400, 500])
async def test_what_would_fail_again_is_not_repeated(status: int) -> None:
    server = Server(problem(status, code="x", detail="this is why"))
    with pytest.raises(RemoteRefusedError, match=f"{status} this is why"):
        await server.record(event(1))
    assert len(server.requests) == 1


async def test_an_answer_of_something_else_than_this_api_is_refused() -> None:
    server = Server(httpx.Response(200, text="<html>welcome</html>"))
    with pytest.raises(RemoteRefusedError):
        await server.record(event(1))


def at_most(limit: int) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        if len(json.loads(request.content)["events"]) > limit:
            return problem(413, code="body_too_large", detail="too large")
        return accept(request)

    return handle


async def test_a_batch_that_is_too_large_is_halved_until_it_fits() -> None:
    server = Server(*[at_most(2)] * 7)
    receipt = await server.record(*(event(number) for number in range(8)))
    assert [entry[0].int for entry in receipt.entries if isinstance(entry, tuple)] == list(range(8))
    taken = [len(json.loads(request.content)["events"]) for request in server.requests]
    assert taken == [8, 4, 2, 2, 4, 2, 2]


async def test_an_event_that_is_too_large_by_itself_is_refused_alone() -> None:
    too_large = problem(413, code="body_too_large", detail="too large")
    server = Server(too_large, too_large)
    receipt = await server.record(event(1), event(2))
    [first, second] = receipt.entries
    assert isinstance(first, Refusal)
    assert first.faults[0].code == "too_large"
    assert second == (UUID(int=2), Verdict.CREATED)


async def test_a_server_that_takes_fewer_events_at_once_gets_fewer() -> None:
    fault = {"path": "events", "code": "too_many_events", "message": "at most 1"}
    server = Server(problem(422, code="invalid_batch", detail="no", errors=[fault]))
    receipt = await server.record(event(1), event(2))
    assert receipt.count(Verdict.CREATED) == 2
    assert len(server.requests) == 3


async def test_no_request_has_more_events_than_the_api_allows() -> None:
    server = Server()
    receipt = await server.record(*(event(number) for number in range(MAX_BATCH_EVENTS + 1)))
    assert len(receipt.entries) == MAX_BATCH_EVENTS + 1
    sent = [len(json.loads(request.content)["events"]) for request in server.requests]
    assert sent == [MAX_BATCH_EVENTS, 1]


async def test_the_key_is_never_said() -> None:
    server = Server(httpx.ConnectError("refused"), problem(403, detail="not yours"))
    with pytest.raises(RemoteRefusedError) as caught:
        await server.record(event(1))
    assert server.said
    assert KEY not in "".join([*server.said, str(caught.value)])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 12 ", 12.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 00:01:00", None),
        ("soon", None),
        ("-1", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
