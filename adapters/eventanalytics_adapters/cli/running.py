"""Running the HTTP server until it is told to stop."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import uvicorn
from litestar import Litestar
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from eventanalytics.errors import EventAnalyticsError
from eventanalytics_adapters.cli.store import STOP_SIGNALS
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http import asgi
from eventanalytics_adapters.http.app import create_app
from eventanalytics_adapters.settings import Settings

GRACE_SECONDS = 7
"""So long requests in flight may take to finish; container runtimes kill after ten."""

_OPTIONS: dict[str, Any] = {
    "loop": "auto",  # uvloop where there is one
    "http": "httptools",
    "ws": "none",
    "lifespan": "on",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": GRACE_SECONDS,
}


class WorkersFailedError(EventAnalyticsError):
    """The worker processes did not start; their logs say why."""

    code = "workers_failed"

    def __init__(self) -> None:
        super().__init__("the worker processes do not start; the log lines above say why")


def run(settings: Settings, workers: int, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; return when the requests in flight are finished.

    With several *workers*, one that dies is replaced; when this process dies, so do they.

    Raises:
        WorkersFailedError: They do not start.
    """
    if workers == 1:
        config = uvicorn.Config(create_app(Container(settings=settings)), **_OPTIONS)
        _QuietServer(config).run(sockets=[listening])
        return
    # A worker reads its settings as any process does: from the environment.
    os.environ["DATABASE_URL"] = settings.database_url or ""  # noqa: TID251
    os.environ["JWT_SECRET_KEY"] = settings.jwt_secret_key or ""  # noqa: TID251
    factory = f"{worker.__module__}:{worker.__qualname__}"
    config = uvicorn.Config(factory, factory=True, workers=workers, **_OPTIONS)
    supervisor = Multiprocess(config, sockets=[listening])
    supervisor.run()
    if any(process.process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise WorkersFailedError


def worker() -> Litestar:
    """Make the application of a worker process, which ends when its parent does."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=[parent.sentinel], daemon=True).start()
    return asgi.create()


class _QuietServer(uvicorn.Server):
    """A server that does not raise the signal again, once it has done what the signal asked for."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _follow(parent: int) -> None:
    multiprocessing.connection.wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)
