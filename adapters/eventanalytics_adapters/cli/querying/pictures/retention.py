"""Retention: a heat map that can be read without its colours."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from rich.style import Style
from rich.text import Text

from eventanalytics.domain.retention import RetentionCohort
from eventanalytics.domain.retention_query import RetentionKind, RetentionMode
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, QUIET, Canvas
from eventanalytics_adapters.cli.querying.pictures.words import (
    QuestionRead,
    event,
    number,
    percent,
    range_of,
    starts,
)

HEADER: Final = ("cohort", "size", "column", "returned", "share")

# From nobody to everybody; between them the colours are mixed.
_PALE, _DEEP = (235, 243, 251), (8, 81, 156)
_MIDDLE = 140
"""From this lightness on, black can be read better than white."""


class _Selector(msgspec.Struct, frozen=True):
    event: str | None = None


class _Question(QuestionRead, frozen=True):
    period: Interval
    start: _Selector
    returning: _Selector = msgspec.field(name="return")
    kind: RetentionKind
    mode: RetentionMode


class _Answer(msgspec.Struct, frozen=True):
    query: _Question
    cohorts: list[RetentionCohort]
    average: list[float | None]


def rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row a cell, and one a column without a cohort for the average."""
    read = msgspec.json.decode(answer, type=_Answer)
    for cohort in read.cohorts:
        for column, returned in enumerate(cohort.returned):
            yield (cohort.start, cohort.size, column, returned, _share(returned, cohort.size))
    for column, share in enumerate(read.average):
        yield (None, None, column, None, share)


def draw(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the answer."""
    read = msgspec.json.decode(answer, type=_Answer)
    query = read.query
    kinds = query.kind.value.replace("_", " "), query.mode.value.replace("_", " ")
    yield Text(f"Retention by {query.period.value}, {range_of(query)}", HEADING)
    yield Text(f"start: {event(query.start.event)} ({kinds[0]})")
    yield Text(f"return: {event(query.returning.event)} ({kinds[1]} the {query.period.value})")
    columns = len(read.average)
    over = max((n + 1 for n in range(columns) if _is_over(read, n)), default=0)
    yield from _bands(read, over, canvas)
    if over < columns:
        yield Text(f"No {query.period.value} after column {over - 1} is over yet.", QUIET)


def _is_over(read: _Answer, column: int) -> bool:
    return any(cohort.returned[column] is not None for cohort in read.cohorts)


def _bands(read: _Answer, columns: int, canvas: Canvas) -> Iterator[Text]:
    """Draw the columns that fit side by side, and the next ones below."""
    labels = _labels(read)
    room = canvas.width - len(labels[0])
    most = max((len(number(n)) for c in read.cohorts for n in c.returned[:columns]), default=0)
    one_line = 2 + len("100.0%") + 1 + most
    is_wide = columns * one_line <= room
    width = one_line if is_wide else 2 + max(len("100%"), most)
    each = max(1, room // width)
    for first in range(0, columns, each):
        shown = range(first, min(first + each, columns))
        yield Text()
        headings = "".join(f"{column:>{width}}" for column in shown)
        yield Text(f"{labels[0]}{headings}", QUIET)
        for label, cohort in zip(labels[1:-1], read.cohorts, strict=True):
            yield from _cohort(
                label, [cohort.returned[n] for n in shown], cohort.size, width, is_wide=is_wide
            )
        average = Text(labels[-1], HEADING)
        for column in shown:
            average.append_text(
                _cell(_percent(read.average[column], is_wide=is_wide), read.average[column], width)
            )
        average.rstrip()
        yield average


def _labels(read: _Answer) -> list[str]:
    """Return what stands before the columns: heading, cohorts, average; all of one length."""
    names = starts((c.start for c in read.cohorts), read.query.period, read.query.timezone)
    sizes = [number(cohort.size) for cohort in read.cohorts]
    names, sizes = ["Cohort", *names, "Average"], ["Size", *sizes, ""]
    wide, long = max(map(len, names)), max(map(len, sizes))
    return [f"{name:<{wide}}  {size:>{long}}" for name, size in zip(names, sizes, strict=True)]


def _cohort(
    label: str, returned: Sequence[int | None], size: int, width: int, *, is_wide: bool
) -> Iterator[Text]:
    shares = [_share(count, size) for count in returned]
    counts = ["" if count is None else number(count) for count in returned]
    percents = [_percent(share, is_wide=is_wide) for share in shares]
    if is_wide:
        most = max(width - 3 - len("100.0%"), 0)
        texts = [[f"{p} {c:>{most}}" if c else "" for p, c in zip(percents, counts, strict=True)]]
    else:
        texts = [percents, counts]
    for n, cells in enumerate(texts):
        line = Text(label if n == 0 else " " * len(label))
        for text, share in zip(cells, shares, strict=True):
            line.append_text(_cell(text, share, width))
        line.rstrip()
        yield line


def _cell(text: str, share: float | None, width: int) -> Text:
    padded = f"{text:>{width}}"
    if share is None:
        return Text(padded)
    red, green, blue = (
        round(pale + (deep - pale) * share) for pale, deep in zip(_PALE, _DEEP, strict=True)
    )
    is_light = 0.299 * red + 0.587 * green + 0.114 * blue > _MIDDLE
    colour = "#000000" if is_light else "#ffffff"
    return Text(padded, Style.parse(f"{colour} on #{red:02x}{green:02x}{blue:02x}"))


def _percent(share: float | None, *, is_wide: bool) -> str:
    if share is None:
        return ""
    return percent(share) if is_wide else f"{share:.0%}"


def _share(returned: int | None, size: int) -> float | None:
    return None if returned is None or not size else returned / size
