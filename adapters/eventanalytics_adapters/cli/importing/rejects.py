"""Lines that were refused: the first of them for the eyes, all of them in a file."""

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from eventanalytics_adapters.cli.importing.rows import LINE, REASON, Row

SHOWN = 20


class Rejects:
    """Writes refused lines to the CSV file *path*, with their own columns, line and reason.

    The file is made when the first one comes. *show* gets a sentence for each of the first
    `SHOWN` of them, and at the end how many more there are.
    """

    def __init__(self, path: Path, columns: Sequence[str], show: Callable[[str], None]) -> None:
        self.path, self.count = path, 0
        self._show = show
        # A file that was rejected before, and mended, gets new numbers and reasons.
        self._kept = [place for place, name in enumerate(columns) if name not in (LINE, REASON)]
        self._header = [*(columns[place] for place in self._kept), LINE, REASON]
        self._width = len(columns)
        self._file = ExitStack()
        self._write: Callable[[Sequence[object]], object] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        if self.count > SHOWN:
            self._show(f"… and {self.count - SHOWN:,} more")

    def add(self, row: Row, reason: str) -> None:
        """Keep one line."""
        if self._write is None:
            self._write = self._open()
        self.count += 1
        if self.count <= SHOWN:
            self._show(f"line {row.line:,}: {_printable(reason)}")
        values = row.values
        if len(values) == self._width:
            cells = [values[place] for place in self._kept]
        else:  # it cannot be told which value belongs where
            text = values[0] if len(values) == 1 else ",".join(values)
            cells = [text, *[""] * (len(self._kept) - 1)]
        self._write([*cells, row.line, reason])

    def _open(self) -> Callable[[Sequence[object]], object]:
        # Bytes that were not UTF-8 are written as they came.
        file = self.path.open("w", newline="", encoding="utf-8", errors="surrogateescape")
        writer = csv.writer(self._file.enter_context(file), lineterminator="\n")
        writer.writerow(self._header)
        return writer.writerow


def rejected_path(source: Path) -> Path:
    """Return where the rejected lines of *source* go.

    >>> rejected_path(Path("data/events.csv")).name, rejected_path(Path("dump")).name
    ('events.rejected.csv', 'dump.rejected.csv')
    """
    stem = source.stem if source.suffix.lower() == ".csv" else source.name
    return source.with_name(f"{stem}.rejected.csv")


def _printable(text: str) -> str:
    """Return *text* without anything that a terminal would obey."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
