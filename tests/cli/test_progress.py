"""A bar for a terminal, plain lines for anything else, and one summary for both."""

import io
import time

import pytest
from rich.console import Console

from eventanalytics_adapters.cli.importing import progress
from eventanalytics_adapters.cli.importing.pipeline import Tally
from eventanalytics_adapters.cli.importing.progress import Screen


def screen(tally: Tally, total: int | None, *, terminal: bool) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=80, _environ={})
    return Screen(console, tally, total), out


def test_a_terminal_gets_a_bar_with_pace_and_time_left() -> None:
    tally = Tally()
    on_terminal, out = screen(tally, 1000, terminal=True)
    with on_terminal.progress() as on_batch:
        tally.read, tally.done = 250, 500
        on_batch()
        time.sleep(0.15)  # a frame is drawn ten times a second
    text = out.getvalue()
    assert "━" in text
    assert "50%" in text
    assert "250 rows" in text
    assert "events/s" in text
    assert "100%" in text


def test_elsewhere_there_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    tally = Tally()
    plain, out = screen(tally, 1000, terminal=False)
    with plain.progress() as on_batch:
        for read in (100, 200, 300):
            now[0] += 3
            tally.read, tally.done = read, read
            on_batch()
    assert out.getvalue() == "200 rows, 33 events/s, 20%, about 24 s left\n"


def test_of_a_pipe_nobody_knows_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY_SECONDS", 0.0)
    tally = Tally(read=1200, done=5)
    plain, out = screen(tally, None, terminal=False)
    with plain.progress() as on_batch:
        on_batch()
    assert out.getvalue().startswith("1,200 rows, ")
    assert "%" not in out.getvalue()


def test_what_is_shown_is_neither_marked_up_nor_wrapped() -> None:
    plain, out = screen(Tally(), None, terminal=False)
    plain.show("line 2: [bold]x[/bold] " + "word " * 40)
    assert out.getvalue() == "line 2: [bold]x[/bold] " + "word " * 40 + "\n"


def test_the_summary_says_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    tally = Tally(read=5000, created=4000, duplicates=900, conflicts=60, rejected=40)
    plain, _ = screen(tally, None, terminal=False)
    now[0] += 2
    assert plain.summary() == (
        "read 5,000, created 4,000, duplicates 900, conflicts 60, rejected 40, "
        "2.0 s, 2,500 events/s"
    )
