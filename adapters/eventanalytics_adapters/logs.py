"""Logs: one JSON object a line, or lines for a person's eyes while developing."""

import logging
import sys

import msgspec
import structlog
from structlog.types import EventDict, Processor

from eventanalytics_adapters.settings import Settings

_encode = msgspec.json.Encoder(enc_hook=repr, order=None).encode


def configure_logging(settings: Settings) -> None:
    """Send every logger of this process to standard error through one formatter.

    Each line has `timestamp` (UTC), `level`, `logger`, `event`, what the caller added as ``extra``,
    and the `request_id` of the request it belongs to. Safe to call again.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(readable=settings.debug))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if settings.debug else settings.log_level)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    access = logging.getLogger("uvicorn.access")  # the application logs its requests itself
    access.handlers[:] = [logging.NullHandler()]
    access.propagate = False
    for name in ("asyncio", "httpcore", "httpx"):
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    # They tell of every connection that is given and returned, of every step of a migration.
    for name in ("psycopg.pool", "yoyo"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Processor]:
    """Return what is done to every record, whichever logger it comes from."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter(*, readable: bool) -> logging.Formatter:
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if readable
        else [structlog.processors.format_exc_info, _render]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


def _render(_logger: object, _method: str, record: EventDict) -> str:
    record.pop("color_message", None)  # uvicorn's own, the same text again
    first = {name: record.pop(name) for name in ("timestamp", "level", "logger", "event")}
    try:
        return _encode({**first, **record}).decode()
    except UnicodeEncodeError:  # half a surrogate pair, out of a request's bytes
        return structlog.processors.JSONRenderer()(None, "", {**first, **record})  # type: ignore[return-value]
