"""What pictures are drawn with: bars, sparklines, and the room there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from rich.text import Text


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """The characters of a picture."""

    eighths: str
    """From an empty cell to a full one."""
    heights: str
    """From the lowest to the highest."""
    shades: tuple[str, str, str, str]
    """Cells that can be told apart without colours."""
    arrow: str
    ends: str
    axis: str


BLOCKS: Final = Glyphs(
    eighths=" ▏▎▍▌▋▊▉█",
    heights="▁▂▃▄▅▆▇█",
    shades=("█", "▓", "▒", "░"),
    arrow="→",
    ends="■",
    axis="│",
)
ASCII: Final = Glyphs(
    eighths="  #", heights="_.-=+*#", shades=("#", "+", "=", "-"), arrow="->", ends="x", axis="|"
)
"""For outputs that cannot take any other characters."""

BAR, NEGATIVE = "cyan", "red"
HEADING, QUIET = "bold", "dim"


@dataclass(frozen=True)
class Canvas:
    """The width in cells, and the characters."""

    width: int = 80
    glyphs: Glyphs = BLOCKS

    def bar(self, value: float | None, largest: float, width: int) -> Text:
        """Return a bar that is as long as *value* is large, *width* cells for *largest*.

        What is not 0 can be seen; what is below 0 has another shade.
        """
        if not value or largest <= 0:
            return Text()
        eighths, full = self.glyphs.eighths, len(self.glyphs.eighths) - 1
        if value < 0:
            cells = max(1, round(-value / largest * width))
            return Text(self.glyphs.shades[3] * cells, NEGATIVE)
        length = max(1, round(value / largest * width * full))
        cells, rest = divmod(length, full)
        end = eighths[rest] if rest else ""
        return Text((eighths[full] * cells + end).rstrip() or eighths[full], BAR)

    def stacked(self, parts: Sequence[tuple[int, str]], largest: float, width: int) -> Text:
        """Return a bar of parts, each a value and a colour, that differ in their shades too."""
        if largest <= 0:
            return Text()
        sums = [0, *(sum(value for value, _ in parts[: n + 1]) for n in range(len(parts)))]
        ends = [round(total / largest * width) for total in sums]
        bar = Text()
        shades = zip(parts, self.glyphs.shades, pairwise(ends), strict=False)
        for (_, colour), shade, (begin, end) in shades:
            bar.append(shade * (end - begin), colour)
        return bar

    def sparkline(self, values: Sequence[float | None], width: int) -> Text:
        """Return the values as heights above 0 (or the lowest below it), in at most *width* cells.

        Of values that share a cell the highest is seen; few values get more than a cell each.
        """
        values = [None if value is None else float(value) for value in values]
        if len(values) > width:
            edges = [round(n * len(values) / width) for n in range(width + 1)]
            values = [_highest(values[begin:end]) for begin, end in pairwise(edges)]
        elif values:
            each = min(width // len(values), 3)
            values = list(chain.from_iterable([value] * each for value in values))
        known = [value for value in values if value is not None]
        low, high = min([0.0, *known]), max([0.0, *known])
        return Text("".join(self._height(value, low, high) for value in values).rstrip(), BAR)

    def _height(self, value: float | None, low: float, high: float) -> str:
        if value is None:
            return " "
        heights = self.glyphs.heights
        return heights[
            round((value - low) / (high - low) * (len(heights) - 1)) if high > low else 0
        ]


def _highest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
