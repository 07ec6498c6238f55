"""Stickiness: a bar for each number of buckets."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.time import Interval
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, Canvas
from eventanalytics_adapters.cli.querying.pictures.grid import Column, Grid
from eventanalytics_adapters.cli.querying.pictures.words import (
    QuestionRead,
    event,
    number,
    percent,
    range_of,
)

HEADER: Final = ("buckets", "exactly", "at_least")


class _Question(QuestionRead, frozen=True):
    interval: Interval
    event: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    query: _Question
    exactly: list[int]
    at_least: list[int]


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row for each number of buckets, from 1."""
    read = msgspec.json.decode(answer, type=_Answer)
    yield from zip(range(1, len(read.exactly) + 1), read.exactly, read.at_least, strict=True)


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    interval = read.query.interval.value
    yield Text(f"Stickiness by {interval}, {range_of(read.query)}", HEADING)
    yield Text(f"users by the number of {interval}s with {event(read.query.event)}")
    yield Text()
    grid = Grid(
        *(Column(f"{interval.capitalize()}s"), Column("Exactly"), Column("", "bar")),
        *(Column("At least"), Column("Of all")),
    )
    largest, users = max(read.exactly, default=0), read.at_least[0] if read.at_least else 0
    for buckets, exactly, at_least in zip(
        range(1, len(read.exactly) + 1), read.exactly, read.at_least, strict=True
    ):
        grid.row(
            str(buckets),
            number(exactly),
            partial(canvas.bar, exactly, largest),
            number(at_least),
            percent(at_least / users if users else None),
        )
    yield from grid.lines(canvas.width)
