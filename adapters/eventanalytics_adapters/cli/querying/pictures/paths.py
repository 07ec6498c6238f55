"""Paths: under each step its nodes, and under each node where the sessions go."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.breakdowns import GroupKind
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, Canvas
from eventanalytics_adapters.cli.querying.pictures.grid import Column, Grid
from eventanalytics_adapters.cli.querying.pictures.words import (
    GroupRead,
    QuestionRead,
    duration,
    event,
    group,
    group_cells,
    number,
    percent,
    range_of,
    shown,
)

HEADER: Final = (
    *("step", "source_kind", "source_type", "source_value"),
    *("target_kind", "target_type", "target_value", "sessions"),
)


class _Selector(msgspec.Struct, frozen=True):
    event: str | None = None


class _Question(QuestionRead, frozen=True):
    by: str
    gap_seconds: int
    start: _Selector | None = None
    end: _Selector | None = None


class _Way(msgspec.Struct, frozen=True):
    step: int
    source: GroupRead
    sessions: int
    target: GroupRead | None = None
    """None where the sessions end."""


class _Answer(msgspec.Struct, frozen=True):
    query: _Question
    edges: list[_Way]
    dropoffs: list[_Way]
    sessions: int


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row an edge, then a row a drop-off, which has no target."""
    read = msgspec.json.decode(answer, type=_Answer)
    for way in (*read.edges, *read.dropoffs):
        target = ("", "", "") if way.target is None else group_cells(way.target)
        yield (way.step, *group_cells(way.source), *target, way.sessions)


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    query = read.query
    yield Text(f"Paths by {shown(query.by)}, {range_of(query)}", HEADING)
    yield Text(
        f"{number(read.sessions)} sessions, gaps of at most {duration(query.gap_seconds)}"
        + ("" if query.start is None else f", from {event(query.start.event)}")
        + ("" if query.end is None else f", to {event(query.end.event)}")
    )
    ways: dict[int, dict[tuple[str, ...], list[_Way]]] = defaultdict(lambda: defaultdict(list))
    for way in (*read.edges, *read.dropoffs):
        # Not by the group itself: as a key, 1 is true.
        ways[way.step][group_cells(way.source)].append(way)
    grid = Grid(
        *(Column("Step", "name"), Column("Sessions")),
        *(Column("Share"), Column("", "bar")),
    )
    for step, nodes in sorted(ways.items()):
        for onward in sorted(nodes.values(), key=_order):
            name, first = f"{step} {group(onward[0].source)}", onward[0]
            if len(onward) == 1 and first.target is None:  # nothing to tell apart
                grid.row(f"{name} {_target(first, canvas)}", *_cells(first.sessions, read, canvas))
                continue
            grid.row(name, *_cells(_sessions(onward), read, canvas))
            for way in sorted(onward, key=lambda way: -way.sessions):
                grid.row(f"    {_target(way, canvas)}", *_cells(way.sessions, read, canvas))
    if ways:
        yield Text()
        yield from grid.lines(canvas.width)


def _order(ways: Sequence[_Way]) -> tuple[bool, int]:
    return (ways[0].source.kind is GroupKind.OTHER, -_sessions(ways))


def _sessions(ways: Sequence[_Way]) -> int:
    return sum(way.sessions for way in ways)


def _target(way: _Way, canvas: Canvas) -> str:
    if way.target is None:
        return f"{canvas.glyphs.ends} ends"
    return f"{canvas.glyphs.arrow} {group(way.target)}"


def _cells(sessions: int, read: _Answer, canvas: Canvas) -> tuple[str, str, partial[Text]]:
    share = percent(sessions / read.sessions if read.sessions else None)
    return number(sessions), share, partial(canvas.bar, sessions, read.sessions)
