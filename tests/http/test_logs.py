"""Logs: one JSON object a line, with the request it belongs to."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics_adapters.logs import configure_logging
from eventanalytics_adapters.settings import Settings


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Puts back what configuring changes."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_a_line_is_a_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    logging.getLogger("some.where").warning("%d of %d", 1, 2, extra={"path": "/ключ\udcff"})
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "warning",
        "logger": "some.where",
        "event": "1 of 2",
        "path": "/ключ\udcff",
    }


def test_a_line_stays_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    logging.getLogger("x").warning("one\ntwo", extra={"path": '/"\r\n{}', "what": object()})
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_error_comes_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    try:
        json.loads("broken")
    except ValueError:
        logging.getLogger("x").exception("what happened")
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "what happened"
    assert "JSONDecodeError: Expecting value" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_structlog_loggers_go_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    structlog.get_logger("some.where").info("hello", number=1)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["logger"], line["number"]) == ("hello", "some.where", 1)


def test_configuring_again_repeats_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    configure_logging(Settings())
    logging.getLogger("uvicorn.error").warning("once")
    logging.getLogger("uvicorn.access").warning("never")
    assert capsys.readouterr().err.count("\n") == 1


def test_the_level_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_level="ERROR"))
    logging.getLogger("x").warning("not shown")
    logging.getLogger("psycopg.pool").warning("not shown")
    assert capsys.readouterr().err == ""


def test_a_person_gets_lines_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(debug=True))
    logging.getLogger("some.where").debug("hello", extra={"number": 1})
    shown = capsys.readouterr().err
    assert "hello" in shown
    assert not shown.startswith("{")


async def test_every_line_of_a_request_has_its_id(
    app: Litestar, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(Settings())
    async with AsyncTestClient(app) as api:
        await api.get("/nowhere", headers={"X-Request-ID": "abc"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line["logger"] == "eventanalytics.http"]
    assert line["request_id"] == "abc"
    assert line["status"] == 404
