"""Recording over HTTP, as any client of the API would: small steps, repeated until they succeed."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec

from eventanalytics.domain.events import Receipt, Refusal, Submission, Verdict
from eventanalytics.domain.reading import Reading
from eventanalytics.errors import EventAnalyticsError, Fault
from eventanalytics.ports.clock import Clock

MAX_BATCH_EVENTS = 1000
ATTEMPTS = 10
LONGEST_PAUSE_SECONDS = 30.0
"""Without a Retry-After the pauses grow from half a second to this; in all about three minutes."""

_TRY_AGAIN = frozenset({429, 502, 503, 504})


class RemoteRefusedError(EventAnalyticsError):
    """The server does not take the events, and would not the next time either."""

    code = "remote_refused"


class RemoteUnavailableError(EventAnalyticsError):
    """The server could not be reached, or was too busy, for too long."""

    code = "remote_unavailable"


class _Entry(msgspec.Struct):
    event_id: UUID | None
    status: str
    errors: tuple[Fault, ...] = ()


class _Answer(msgspec.Struct):
    events: list[_Entry]


class _Problem(msgspec.Struct):
    code: str = ""
    detail: str = ""
    errors: tuple[Fault, ...] = ()


class HttpRecorder:
    """Posts events to ``/api/v1/events`` of the server that *client* speaks to.

    What was refused while reading is not sent. A batch that the server finds too large is halved.
    Sending a batch again is safe, since every event carries its id.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        *,
        project: str | None = None,
        report: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client, self._clock, self._report, self._sleep = client, clock, report, sleep
        self._params: Mapping[str, str] = {} if project is None else {"project": project}

    async def __call__(self, batch: Sequence[Reading]) -> Receipt:
        """Return the receipt of *batch*; see `Recorder`.

        Raises:
            RemoteRefusedError: The key does not open the project, or it is no such server.
            RemoteUnavailableError: All attempts failed.
        """
        readable = [reading for reading in batch if isinstance(reading, Submission)]
        answers = iter(
            [
                entry
                for first in range(0, len(readable), MAX_BATCH_EVENTS)
                for entry in await self._record(readable[first : first + MAX_BATCH_EVENTS])
            ]
        )
        return Receipt(tuple(next(answers) if isinstance(r, Submission) else r for r in batch))

    async def _record(self, events: Sequence[Submission]) -> list[tuple[UUID, Verdict] | Refusal]:
        response = await self._post(msgspec.json.encode({"events": events}))
        if response.status_code in {200, 201, 207, 422}:
            answer = _decoded(response, _Answer)
            if answer is not None and len(answer.events) == len(events):
                return [_entry(entry) for entry in answer.events]
        problem = _decoded(response, _Problem) or _Problem()
        too_many = any(fault.code == "too_many_events" for fault in problem.errors)
        if len(events) > 1 and (response.status_code == 413 or too_many):
            half = len(events) // 2
            return await self._record(events[:half]) + await self._record(events[half:])
        if len(events) == 1 and response.status_code == 413:
            message = "the server takes no body as large as this one event"
            return [Refusal((Fault("", "too_large", message),), events[0].event_id)]
        said = problem.detail or response.reason_phrase
        raise RemoteRefusedError(
            f"{self._host} does not take the events: {response.status_code} {said}"
        )

    async def _post(self, body: bytes) -> httpx.Response:
        problem = ""
        for attempt in range(ATTEMPTS):
            # Many clients of one server must not come back all at once.
            wait = min(0.5 * 2**attempt, LONGEST_PAUSE_SECONDS) * random.uniform(0.7, 1.3)  # noqa: S311
            try:
                response = await self._client.post(
                    "/api/v1/events",
                    content=body,
                    params=self._params,
                    headers={"Content-Type": "application/json"},
                )
            except httpx.TransportError as error:
                problem = str(error) or type(error).__name__
            else:
                if response.status_code not in _TRY_AGAIN:
                    return response
                problem = f"{response.status_code} {response.reason_phrase}"
                asked = retry_after(response.headers.get("Retry-After"), self._clock.now())
                wait = wait if asked is None else asked
            if attempt + 1 < ATTEMPTS:
                self._report(f"{self._host}: {problem}; trying again in {wait:.1f} s")
                await self._sleep(wait)
        raise RemoteUnavailableError(f"{self._host}: {problem}, {ATTEMPTS} times in a row")

    @property
    def _host(self) -> str:
        url = self._client.base_url
        return f"{url.scheme}://{url.netloc.decode('ascii')}"


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for; None when it says nothing.

    >>> from datetime import UTC
    >>> retry_after("Wed, 21 Oct 2026 07:28:00 GMT", datetime(2026, 10, 21, 7, 27, tzinfo=UTC))
    60.0
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _entry(entry: _Entry) -> tuple[UUID, Verdict] | Refusal:
    if entry.event_id is None or entry.status == "rejected":
        return Refusal(entry.errors, entry.event_id)
    return entry.event_id, Verdict(entry.status)


def _decoded(response: httpx.Response, kind: type[Any]) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.DecodeError:
        return None
