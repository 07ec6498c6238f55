"""Trends: a sparkline a series, and a row a bucket where the series fit side by side."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.breakdowns import GroupKind
from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.time import Interval
from eventanalytics.domain.trends_query import FORMULA, Measure
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, QUIET, Canvas
from eventanalytics_adapters.cli.querying.pictures.grid import Column, Grid
from eventanalytics_adapters.cli.querying.pictures.words import (
    NOTHING,
    GroupRead,
    QuestionRead,
    bucket_names,
    change,
    event,
    group,
    group_cells,
    number,
    range_of,
    shown,
)

HEADER: Final = (
    *("range", "series", "group_kind", "group_type", "group_value"),
    *("start", "complete", "value"),
)

Number = int | float | None


class _Asked(msgspec.Struct, frozen=True):
    measure: Measure
    event: str | None = None
    property: str | None = None


class _Question(QuestionRead, frozen=True):
    interval: Interval
    series: list[_Asked]
    formula: str | None = None


class _Series(msgspec.Struct, frozen=True):
    label: str
    group: GroupRead
    values: list[Number]
    total: Number


class _Part(msgspec.Struct, frozen=True):
    buckets: list[BucketOut]
    series: list[_Series]


class _Answer(_Part, frozen=True):
    query: _Question
    previous: _Part | None = None


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row a bucket of each series, and one without a start for its total."""
    read = msgspec.json.decode(answer, type=_Answer)
    for name, part in (("current", read), ("previous", read.previous)):
        for one in part.series if part else ():
            series = (name, one.label, *group_cells(one.group))
            for bucket, value in zip(part.buckets if part else (), one.values, strict=True):
                yield (*series, bucket.start, bucket.complete, value)
            yield (*series, None, None, one.total)


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    query = read.query
    yield Text(f"Trends by {query.interval.value}, {range_of(query)}", HEADING)
    meanings = {label: _meaning(query, label) for label in _labels(read)}
    if len(read.series) != 1:
        for label, meaning in meanings.items():
            is_one = label == FORMULA or len(meanings) == 1
            yield Text(meaning if is_one else f"{label}: {meaning}")
    yield Text()
    if len(read.series) == 1:
        yield from _single(read, meanings[read.series[0].label], canvas)
    else:
        yield from _several(read, canvas)
    if not all(bucket.complete for bucket in read.buckets):
        yield Text("* not complete", QUIET)


def _labels(part: _Part) -> list[str]:
    return list(dict.fromkeys(one.label for one in part.series))


def _meaning(query: _Question, label: str) -> str:
    if label == FORMULA:
        return f"formula {shown(query.formula or '')}"
    asked = query.series[ord(label) - ord("A")]
    measure = asked.measure.value.replace("_", " ")
    of = "" if asked.property is None else f" of {shown(asked.property)}"
    return f"{measure}{of}, {event(asked.event)}"


def _single(read: _Answer, meaning: str, canvas: Canvas) -> Iterator[Text]:
    [series] = read.series
    before = read.previous.series[0] if read.previous and read.previous.series else None
    name = "" if series.group.kind is GroupKind.ALL else f", {group(series.group)}"
    compared = "" if before is None else f" (before: {number(before.total)})"
    total = "" if series.total is None else f": {number(series.total)} in all{compared}"
    yield Text(f"{meaning}{name}{total}")
    yield canvas.sparkline(series.values, canvas.width)
    yield Text()
    previous = () if before is None else (Column("Before"), Column("Change"))
    grid = Grid(Column("Start", "time"), Column("Value"), *previous, Column("", "bar"))
    largest = max((abs(value) for value in series.values if value is not None), default=0)
    names = bucket_names(read.buckets, read.query.interval, read.query.timezone)
    olds = [] if before is None else before.values[: len(names)]
    for start, value, old in zip_longest(names, series.values, olds):
        compared_cells = () if before is None else (number(old), change(old, value))
        grid.row(start, number(value), *compared_cells, partial(canvas.bar, value, largest))
    yield from grid.lines(canvas.width)


def _several(read: _Answer, canvas: Canvas) -> Iterator[Text]:
    broken_down = any(one.group.kind is not GroupKind.ALL for one in read.series)
    labelled = not broken_down or len(_labels(read)) > 1
    olds = {_key(one): one for one in read.previous.series} if read.previous else {}
    grid = Grid(
        *([Column("Series", "name")] if labelled else []),
        *([Column("Group", "name")] if broken_down else []),
        Column("Total"),
        *([Column("Before"), Column("Change")] if read.previous else []),
        Column("", "bar"),
    )
    for one in read.series:
        cells = [one.label] if labelled else []
        cells += [group(one.group)] if broken_down else []
        cells.append(number(one.total))
        if read.previous:
            old = olds.get(_key(one))
            cells += [NOTHING, NOTHING] if old is None else [number(old.total), _change(old, one)]
        grid.row(*cells, partial(canvas.sparkline, one.values))
    yield from grid.lines(canvas.width)
    yield Text()
    yield from _side_by_side(read, canvas)


def _side_by_side(read: _Answer, canvas: Canvas) -> Iterator[Text]:
    several = len(_labels(read)) > 1
    headings = [_heading(one, several=several) for one in read.series]
    grid = Grid(Column("Start", "time"), *map(Column, headings))
    names = bucket_names(read.buckets, read.query.interval, read.query.timezone)
    for n, start in enumerate(names):
        grid.row(start, *(number(one.values[n]) for one in read.series))
    if grid.needs() <= canvas.width:
        yield from grid.lines(canvas.width)
    else:
        yield Text("The values of every bucket take more room: --csv has them.", QUIET)


def _key(series: _Series) -> tuple[str, ...]:
    """Return what tells a series from the others; groups themselves do not: 1 equals true."""
    return (series.label, *group_cells(series.group))


def _heading(series: _Series, *, several: bool) -> str:
    if series.group.kind is GroupKind.ALL:
        return series.label
    name = group(series.group)
    return f"{series.label} {name}" if several else name


def _change(before: _Series, after: _Series) -> str:
    return change(before.total, after.total)
