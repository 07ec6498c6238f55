"""Columns that fit a width: numbers whole, names shortened, bars in the room that is left."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.text import Text

from eventanalytics_adapters.cli.querying.pictures.canvas import QUIET

Cell: TypeAlias = str | Text
Bar: TypeAlias = Callable[[int], Text]
"""Draws a bar into so many cells."""

GAP = 2
SHORTEST_NAME, SHORTEST_BAR = 12, 8


@dataclass(frozen=True)
class Column:
    """A column with its heading.

    Names are shortened and bars drawn as the width allows; times and numbers stay whole. What
    *may_go* is left out where there is no room, the last such column first.
    """

    heading: str
    kind: Literal["name", "time", "number", "bar"] = "number"
    may_go: bool = False


class Grid:
    """Rows of cells under headings."""

    def __init__(self, *columns: Column) -> None:
        self._columns = columns
        self._rows: list[tuple[Cell | Bar, ...]] = []

    def row(self, *cells: Cell | Bar) -> None:
        """Add a row: a cell for each column, for a bar what draws it."""
        assert len(cells) == len(self._columns)  # noqa: S101 - a mistake of ours
        self._rows.append(cells)

    def needs(self) -> int:
        """Return how many cells of width it takes to shorten nothing, bars aside."""
        return _total(self._natural())

    def lines(self, width: int) -> Iterator[Text]:
        """Yield the headings and the rows."""
        widths = self._fitted(width)
        headings = tuple(Text(column.heading, QUIET) for column in self._columns)
        if any(column.heading for column in self._columns):
            yield self._line(
                [h if w else "" for h, w in zip(headings, widths, strict=True)], widths
            )
        for row in self._rows:
            yield self._line(row, widths)

    def _natural(self) -> list[int]:
        return [
            0
            if column.kind == "bar"
            else max([cell_len(column.heading), *(_length(row[n]) for row in self._rows)])
            for n, column in enumerate(self._columns)
        ]

    def _fitted(self, width: int) -> list[int]:
        widths = self._natural()
        bars = [n for n, column in enumerate(self._columns) if column.kind == "bar"]
        names = [n for n, column in enumerate(self._columns) if column.kind == "name"]
        optional = [n for n, column in enumerate(self._columns) if column.may_go]
        wanted = SHORTEST_BAR + GAP if bars else 0
        while (over := _total(widths) + wanted - width) > 0:
            longest = max(names, key=lambda n: widths[n], default=None)
            if longest is not None and widths[longest] > SHORTEST_NAME:
                widths[longest] = max(SHORTEST_NAME, widths[longest] - over)
            elif wanted:
                wanted = 0
            elif optional:
                widths[optional.pop()] = 0
            else:
                break
        for n in bars if wanted else []:
            widths[n] = width - _total(widths) - GAP
        return widths

    def _line(self, cells: Sequence[Cell | Bar], widths: Sequence[int]) -> Text:
        parts: list[Text] = []
        for cell, width, column in zip(cells, widths, self._columns, strict=True):
            if not width:
                continue
            text = cell(width) if callable(cell) else Text(cell) if isinstance(cell, str) else cell
            text = text.copy()
            text.truncate(width, overflow="ellipsis")
            text.align("right" if column.kind == "number" else "left", width)
            parts.append(text)
        line = Text(" " * GAP).join(parts)
        line.rstrip()
        return line


def _length(cell: Cell | Bar) -> int:
    return 0 if callable(cell) else cell_len(cell) if isinstance(cell, str) else cell.cell_len


def _total(widths: Sequence[int]) -> int:
    """Return the width of columns side by side; those without a width are not there."""
    there = [width for width in widths if width]
    return sum(there) + GAP * max(0, len(there) - 1)
