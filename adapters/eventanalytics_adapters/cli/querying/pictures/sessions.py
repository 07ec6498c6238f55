"""Sessions: a row of figures a bucket, and one of the whole range."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.sessions import SessionFigures
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, QUIET, Canvas
from eventanalytics_adapters.cli.querying.pictures.grid import Column, Grid
from eventanalytics_adapters.cli.querying.pictures.words import (
    QuestionRead,
    bucket_names,
    duration,
    number,
    percent,
    range_of,
)

HEADER: Final = (
    *("start", "complete", "sessions", "users", "bounces", "events", "sessions_per_user"),
    *("events_per_session", "bounce_share", "average_seconds", "median_seconds"),
)


class _Question(QuestionRead, frozen=True):
    interval: Interval
    gap_seconds: int


class _Answer(msgspec.Struct, frozen=True):
    query: _Question
    buckets: list[BucketOut]
    figures: list[SessionFigures]
    total: SessionFigures


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row a bucket, and one without a start for the whole range."""
    read = msgspec.json.decode(answer, type=_Answer)
    for bucket, figures in zip(read.buckets, read.figures, strict=True):
        yield (bucket.start, bucket.complete, *_in_order(figures))
    yield (None, None, *_in_order(read.total))


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    query = read.query
    yield Text(f"Sessions by {query.interval.value}, {range_of(query)}", HEADING)
    yield Text(f"gaps of at most {duration(query.gap_seconds)}")
    yield Text()
    grid = Grid(
        *(Column("Start", "time"), Column("Sessions"), Column("", "bar"), Column("Users")),
        *(
            Column("Events each"),
            Column("Bounce"),
            Column("Median"),
            Column("Average", may_go=True),
        ),
    )
    largest = max((figures.sessions for figures in read.figures), default=0)
    names = bucket_names(read.buckets, query.interval, query.timezone)
    for name, figures in zip(names, read.figures, strict=True):
        bar = partial(canvas.bar, figures.sessions, largest)
        grid.row(name, number(figures.sessions), bar, *_cells(figures))
    grid.row("In all", number(read.total.sessions), lambda _: Text(), *_cells(read.total))
    yield from grid.lines(canvas.width)
    if not all(bucket.complete for bucket in read.buckets):
        yield Text("* not complete", QUIET)


def _cells(figures: SessionFigures) -> tuple[str, str, str, str, str]:
    return (
        number(figures.users),
        number(figures.events_per_session),
        percent(figures.bounce_share),
        duration(figures.median_seconds),
        duration(figures.average_seconds),
    )


def _in_order(figures: SessionFigures) -> Iterator[object]:
    return (getattr(figures, name) for name in HEADER[2:])
