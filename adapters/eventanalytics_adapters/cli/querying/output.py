"""What goes to standard output: a picture, flat rows, or the answer as the API sends it."""

import csv
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, cast

import click
import msgspec
from rich.console import Console
from rich.text import Text

from eventanalytics_adapters.cli.querying.pictures import (
    funnel,
    lifecycle,
    paths,
    retention,
    sessions,
    statistics,
    stickiness,
    trends,
)
from eventanalytics_adapters.cli.querying.pictures.canvas import ASCII, BLOCKS, Canvas


class Form(Enum):
    """How an answer is written."""

    PICTURE = "picture"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True)
class Presentation:
    """The forms of the answers to one question."""

    draw: Callable[[bytes, Canvas], Iterator[Text]]
    header: Sequence[str]
    rows: Callable[[bytes], Iterator[Sequence[object]]]


PRESENTATIONS: Final = {
    "trends": Presentation(trends.draw, trends.HEADER, trends.rows),
    "funnel": Presentation(funnel.draw, funnel.HEADER, funnel.rows),
    "retention": Presentation(retention.draw, retention.HEADER, retention.rows),
    "lifecycle": Presentation(lifecycle.draw, lifecycle.HEADER, lifecycle.rows),
    "stickiness": Presentation(stickiness.draw, stickiness.HEADER, stickiness.rows),
    "sessions": Presentation(sessions.draw, sessions.HEADER, sessions.rows),
    "paths": Presentation(paths.draw, paths.HEADER, paths.rows),
    "dau": Presentation(statistics.draw_dau, statistics.DAU_HEADER, statistics.dau_rows),
    "top": Presentation(statistics.draw_top, statistics.TOP_HEADER, statistics.top_rows),
}


def write(kind: str, answer: bytes, form: Form) -> None:
    """Write the *answer* to a question of this *kind* to standard output."""
    presentation = PRESENTATIONS[kind]
    try:
        match form:
            case Form.JSON:
                click.echo(answer)
            case Form.CSV:
                click.echo(as_csv(presentation.header, presentation.rows(answer)), nl=False)
            case Form.PICTURE:
                _draw(presentation, answer)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read this has seen enough; what is left in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV, null as nothing, true and false as in JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _draw(presentation: Presentation, answer: bytes) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    takes_blocks = console.encoding.startswith("utf")
    if not takes_blocks:
        cast("io.TextIOWrapper[Any]", sys.stdout).reconfigure(errors="replace")
    canvas = Canvas(console.width, BLOCKS if takes_blocks else ASCII)
    for line in presentation.draw(answer, canvas):
        console.print(line)


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return msgspec.to_builtins(value)
        case _:
            return value
