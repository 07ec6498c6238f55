"""What every request and every answer has, whatever is asked: an id, safe headers, a log line."""

import logging
import re
import secrets
import time
from collections.abc import Iterable
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

REQUEST_ID: Final = "x-request-id"

_SANE_ID = re.compile(rb"[A-Za-z0-9._:@/+=-]{1,64}")
_LOG = logging.getLogger("eventanalytics.http")

_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
"""Sent with every answer that does not say otherwise itself."""


def request_id(scope: Scope) -> str:
    """Return the id of the request."""
    return str(scope["state"]["request_id"])


class Envelope:
    """Wraps the whole application.

    Gives each request an id (its own ``X-Request-ID`` when that is at most 64 sane characters),
    answers HEAD as GET without the body, completes the headers, and logs one line a request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await self._serve(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        identity = _identity(scope)
        scope["state"]["request_id"] = identity
        is_head = scope["method"] == "HEAD"
        inner = scope.copy()
        if is_head:
            inner["method"] = "GET"
        started = time.perf_counter()
        status = 0

        async def complete(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _completed(message["headers"], identity)
            elif message["type"] == "http.response.body" and is_head:
                message["body"] = b""
            await send(message)

        with bound_contextvars(request_id=identity):
            try:
                await self._app(inner, receive, complete)
            finally:
                _log(inner, scope["method"], status, time.perf_counter() - started)


def _identity(scope: HTTPScope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _SANE_ID.fullmatch(given) else secrets.token_hex(16)


def _completed(headers: Iterable[tuple[bytes, bytes]], identity: str) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    return [
        *headers,
        (b"x-request-id", identity.encode()),
        *(header for header in _HEADERS if header[0] not in present),
    ]


def _log(scope: HTTPScope, method: str, status: int, seconds: float) -> None:
    path = scope["path"]
    level = logging.DEBUG if path.startswith("/health") and status < 400 else logging.INFO
    if _LOG.isEnabledFor(level):
        state = scope["state"]
        facts = {
            "method": method,
            "path": path[:500],
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
            "caller": state.get("caller"),
            "project": state.get("project"),
        }
        _LOG.log(level, "request", extra=facts)
