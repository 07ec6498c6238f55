"""CSV records out of bytes, one at a time; a broken one costs its own line and no other."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MAX_RECORD_BYTES = 2**20
"""More than any event can need; a quote that is never closed must not swallow the file."""

_BYTE_ORDER_MARK = "\ufeff"


class Record(NamedTuple):
    """One record of the file."""

    line: int
    """The physical line that it starts on, from 1."""
    values: list[str]
    """Bytes that are not UTF-8 are kept as lone surrogates (``surrogateescape``). Of a record
    with a problem, this is one value: its first line."""
    size: int
    """How many bytes it takes in the file."""
    problem: str | None = None
    """Why it cannot be cut into values."""


class _TooLargeError(Exception):
    """A record or a line goes on and on."""


class RecordReader:
    """Iterates over the records of a binary file in the form of RFC 4180, blank lines left out.

    When a record is broken, only its first line is given up and reading goes on after that, so
    that a stray quote does not take the good lines behind it along.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._line = 0
        self._taken: list[bytes] = []
        self._taken_bytes = 0
        self._again = deque[bytes]()
        # As large as a record: a field within it needs no limit of its own. The limit is the
        # csv module's, for the whole process.
        csv.field_size_limit(MAX_RECORD_BYTES)

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in order."""
        reader = csv.reader(_Lines(self), strict=True)
        while True:
            self._taken.clear()
            self._taken_bytes = 0
            line = self._line + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken(line, f"is not valid CSV: {error}")
            except _TooLargeError:
                size = f"{MAX_RECORD_BYTES // 2**20} MiB"
                yield self._broken(line, f"goes on for more than {size}: is a quote not closed?")
            else:
                self._line += len(self._taken)
                if values:
                    yield Record(line, values, self._taken_bytes)

    def take_line(self) -> str:
        """Return the next physical line, for the record that is being read; empty at the end."""
        raw = self._again.popleft() if self._again else self._read_line()
        if not raw:
            return ""
        self._taken.append(raw)
        self._taken_bytes += len(raw)
        if self._taken_bytes > MAX_RECORD_BYTES:
            raise _TooLargeError
        text = raw.decode("utf-8", "surrogateescape")
        return text.removeprefix(_BYTE_ORDER_MARK) if self._line == 0 else text

    def _read_line(self) -> bytes:
        raw = self._file.readline(MAX_RECORD_BYTES + 1)
        if len(raw) > MAX_RECORD_BYTES and not raw.endswith(b"\n"):
            # Its end is of no use: read past it without keeping it.
            while (rest := self._file.readline(MAX_RECORD_BYTES)) and not rest.endswith(b"\n"):
                pass
        return raw

    def _broken(self, line: int, problem: str) -> Record:
        first, *rest = self._taken
        self._again.extendleft(reversed(rest))
        self._line += 1
        text = first.decode("utf-8", "surrogateescape").rstrip("\r\n")
        return Record(line, [text], len(first), problem)


class _Lines(Iterator[str]):
    """What the csv module takes its lines from."""

    def __init__(self, reader: RecordReader) -> None:
        self._take_line = reader.take_line

    def __next__(self) -> str:
        line = self._take_line()
        if not line:
            raise StopIteration
        return line
