"""The lifecycle: on one side of an axis who is active, on the other who no longer is."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, QUIET, Canvas
from eventanalytics_adapters.cli.querying.pictures.grid import Column, Grid
from eventanalytics_adapters.cli.querying.pictures.words import (
    QuestionRead,
    bucket_names,
    event,
    number,
    range_of,
)

HEADER: Final = ("start", "complete", "new", "returning", "resurrecting", "dormant")

_COLOURS = ("blue", "green", "yellow", "red")


class _Question(QuestionRead, frozen=True):
    interval: Interval
    event: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    query: _Question
    buckets: list[BucketOut]
    new: list[int]
    returning: list[int]
    resurrecting: list[int]
    dormant: list[int]

    def each(self) -> Iterator[tuple[BucketOut, int, int, int, int]]:
        """Yield the buckets with their numbers."""
        numbers = (self.new, self.returning, self.resurrecting, self.dormant)
        return zip(self.buckets, *numbers, strict=True)


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row a bucket."""
    for bucket, *numbers in msgspec.json.decode(answer, type=_Answer).each():
        yield (bucket.start, bucket.complete, *numbers)


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    query = read.query
    yield Text(f"Lifecycle by {query.interval.value}, {range_of(query)}", HEADING)
    legend = Text(f"active: {event(query.event)}; ")
    classes = ("new", "returning", "resurrecting", "dormant")
    for name, shade, colour in zip(classes, canvas.glyphs.shades, _COLOURS, strict=True):
        legend.append(shade, colour).append(f" {name}  ")
    legend.rstrip()
    yield legend
    yield Text()
    grid = Grid(
        *(Column("Start", "time"), Column("New"), Column("Returning"), Column("Resurrecting")),
        *(Column("Dormant"), Column("", "bar")),
    )
    dormant = max(read.dormant, default=0)
    active = max((sum(numbers[:3]) for _, *numbers in read.each()), default=0)
    names = bucket_names(read.buckets, query.interval, query.timezone)
    for name, (_, *numbers) in zip(names, read.each(), strict=True):
        bar = partial(_bar, canvas, numbers, dormant, active)
        grid.row(name, *map(number, numbers), bar)
    yield from grid.lines(canvas.width)
    if not all(bucket.complete for bucket in read.buckets):
        yield Text("* not complete", QUIET)


def _bar(canvas: Canvas, numbers: Sequence[int], dormant: int, active: int, width: int) -> Text:
    """Return the dormant to the left of the axis and the active to the right, on one scale."""
    room = width - 1
    left = round(room * dormant / (dormant + active)) if dormant + active else room // 2
    left = max(left, 1) if dormant else left
    below = round(numbers[3] / dormant * left) if dormant else 0
    bar = Text(" " * (left - below)).append(canvas.glyphs.shades[3] * below, _COLOURS[3])
    bar.append(canvas.glyphs.axis, QUIET)
    return bar.append_text(
        canvas.stacked(list(zip(numbers[:3], _COLOURS[:3], strict=True)), active, room - left)
    )
