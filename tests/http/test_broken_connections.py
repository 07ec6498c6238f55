"""Connections that break off, and those that are not HTTP at all."""

import logging
from typing import Any, cast

import pytest
from litestar import Litestar

Headers = dict[str, str]


async def exchange(app: Litestar, scope: dict[str, Any], *received: Any) -> list[Any]:
    """Return what the application sends when it receives these messages."""
    incoming = iter(received)
    sent: list[Any] = []

    async def receive() -> Any:
        return next(incoming)

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {"path": "/api/v1/events", "query_string": b"", "headers": [], **scope}
    await app(cast("Any", whole), cast("Any", receive), cast("Any", send))
    return sent


async def test_a_client_that_leaves_is_no_failure_of_the_server(
    app: Litestar, keys: dict[str, Headers], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="eventanalytics.http")
    given = keys["ingest"] | {"Content-Type": "application/json"}
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    start, *_ = await exchange(
        app,
        {"type": "http", "method": "POST", "headers": headers},
        {"type": "http.request", "body": b'{"events":', "more_body": True},
        {"type": "http.disconnect"},
    )
    assert start["status"] == 400
    assert [(r.message, r.levelname) for r in caplog.records] == [("request", "INFO")]


async def test_a_websocket_is_closed(app: Litestar) -> None:
    (close,) = await exchange(app, {"type": "websocket"}, {"type": "websocket.connect"})
    assert close["type"] == "websocket.close"
