"""Funnels: a bar a step, and under a breakdown a row a group."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.breakdowns import GroupKind
from eventanalytics.domain.funnel import FunnelStep
from eventanalytics.domain.funnel_query import FunnelOrder
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
    *("group_kind", "group_type", "group_value", "step", "event", "users"),
    *("conversion_from_first", "conversion_from_previous", "median_seconds", "average_seconds"),
)


class _Breakdown(msgspec.Struct, frozen=True):
    property: str


class _Question(QuestionRead, frozen=True):
    order: FunnelOrder
    window_seconds: int
    breakdown: _Breakdown | None = None


class _Group(msgspec.Struct, frozen=True):
    group: GroupRead
    steps: list[FunnelStep]


class _Answer(msgspec.Struct, frozen=True):
    query: _Question
    steps: list[FunnelStep]
    open_attempts: int
    groups: list[_Group]


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row a step: of all users, then of each group."""
    read = msgspec.json.decode(answer, type=_Answer)
    for one in (_Group(GroupRead(GroupKind.ALL), read.steps), *read.groups):
        for step in one.steps:
            yield (
                *group_cells(one.group),
                *(step.step, step.event, step.users),
                *(step.conversion_from_first, step.conversion_from_previous),
                *(step.median_seconds, step.average_seconds),
            )


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    query = read.query
    window = duration(query.window_seconds)
    yield Text(f"Funnel, {query.order.value}, within {window}, {range_of(query)}", HEADING)
    yield Text()
    yield from _steps(read.steps, canvas)
    yield Text()
    yield Text(f"Attempts still open: {number(read.open_attempts)} users")
    if query.breakdown is not None:
        yield Text()
        yield from _groups(read, query.breakdown.property, canvas)


def _steps(steps: Sequence[FunnelStep], canvas: Canvas) -> Iterator[Text]:
    grid = Grid(
        *(Column("#"), Column("Event", "name"), Column("", "bar"), Column("Users")),
        *(Column("Of first"), Column("Of previous"), Column("Median time")),
    )
    largest = max((step.users for step in steps), default=0)
    for step in steps:
        grid.row(
            str(step.step),
            event(step.event),
            partial(canvas.bar, step.users, largest),
            number(step.users),
            percent(step.conversion_from_first),
            percent(step.conversion_from_previous),
            duration(step.median_seconds),
        )
    yield from grid.lines(canvas.width)


def _groups(read: _Answer, name: str, canvas: Canvas) -> Iterator[Text]:
    """Draw the groups as rows where the steps fit side by side, else one funnel after another."""
    shares = [Column(f"{step.step}: of first") for step in read.steps[1:]]
    grid = Grid(
        *(Column(shown(name), "name"), Column("Step 1"), *shares),
        *(Column("Finished"), Column("", "bar")),
    )
    most = max((one.steps[-1].users for one in read.groups), default=0)
    for one in read.groups:
        grid.row(
            group(one.group),
            number(one.steps[0].users),
            *(percent(step.conversion_from_first) for step in one.steps[1:]),
            number(one.steps[-1].users),
            partial(canvas.bar, one.steps[-1].users, most),
        )
    if grid.needs() <= canvas.width or not read.groups:
        yield from grid.lines(canvas.width)
        return
    for one in read.groups:
        yield Text(f"{shown(name)}: {group(one.group)}", HEADING)
        yield from _steps(one.steps, canvas)
        yield Text()
