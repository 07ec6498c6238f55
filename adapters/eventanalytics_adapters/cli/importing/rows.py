"""Events out of CSV records: the header says which column is what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from eventanalytics.domain.events import Refusal, Submission
from eventanalytics.domain.reading import Reading, read_event
from eventanalytics.errors import Fault, InvalidInputError
from eventanalytics_adapters.cli.importing.records import Record, RecordReader

COLUMNS = ("event_id", "occurred_at", "user_id", "event_type", "properties_json")
LINE, REASON = "line", "reason"
"""What a file of rejected lines has besides; such a file may be mended and imported again."""

MAX_BATCH_BYTES = 8 * 2**20
"""So much of the file is in memory at once, however long its lines are."""

_decode_object = msgspec.json.Decoder(dict[str, Any]).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeEncodeError, RecursionError)


class HeaderError(InvalidInputError):
    """The file does not begin with a usable header."""

    code = "invalid_header"


class Row(NamedTuple):
    """One record of the file, and how it reads."""

    line: int
    values: Sequence[str]
    reading: Reading


class Batch(NamedTuple):
    """Rows that go together, in the file's order."""

    rows: Sequence[Row]
    done: int
    """How far this is: into a file, in bytes."""


class EventRows:
    """The rows of a CSV file of events, in batches of *size* at most.

    Raises:
        HeaderError: There is no header, or it lacks, repeats or does not know a column.
    """

    def __init__(self, reader: RecordReader, *, size: int) -> None:
        self._records = iter(reader)
        self._size = size
        header = next(self._records, None)
        self._bytes_read = header.size if header else 0
        self.columns = _checked_header(header)
        """The names of the columns, in the file's order."""
        self._places = {name: self.columns.index(name) for name in COLUMNS}

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches in order."""
        rows: list[Row] = []
        batch_bytes = 0
        for record in self._records:
            rows.append(Row(record.line, record.values, self._read(record)))
            batch_bytes += record.size
            if len(rows) >= self._size or batch_bytes >= MAX_BATCH_BYTES:
                self._bytes_read += batch_bytes
                yield Batch(rows, self._bytes_read)
                rows, batch_bytes = [], 0
        if rows:
            yield Batch(rows, self._bytes_read + batch_bytes)

    def _read(self, record: Record) -> Reading:
        values = record.values
        if record.problem is not None:
            return _refusal("malformed_row", record.problem)
        if len(values) != len(self.columns):
            message = f"has {len(values)} values, the header has {len(self.columns)}"
            return _refusal("malformed_row", message)
        cells = {name: values[place] for name, place in self._places.items()}
        encoded = cells.pop("properties_json")
        try:
            # All at once; only when that fails, the slow way that names each fault.
            cells["properties"] = _decode_object(encoded) if encoded else {}  # type: ignore[assignment]
            return msgspec.convert(cells, Submission)
        except _UNREADABLE:
            return _named_faults(cells, encoded)


def _named_faults(cells: Mapping[str, Any], encoded: str) -> Refusal:
    """Return the refusal of a row, each fault under its column's name."""
    faults: list[Fault] = []
    given: dict[str, Any] = {**cells, "properties": {}}
    for name, text in (*cells.items(), ("properties_json", encoded)):
        if isinstance(text, str) and _is_not_utf8(text):
            faults.append(Fault(name, "invalid_encoding", "is not UTF-8"))
            given.pop(name, None)
    try:
        given["properties"] = msgspec.json.decode(encoded) if encoded else {}
    except UnicodeEncodeError:
        pass  # named above
    except (msgspec.DecodeError, RecursionError) as error:
        faults.append(Fault("properties_json", "invalid_json", f"is not JSON: {error}"))
    reading = read_event(given)
    if isinstance(reading, Refusal):
        named = {fault.path for fault in faults}
        faults += (_under_column(f) for f in reading.faults if f.path not in named)
        return Refusal(tuple(faults), reading.event_id)
    return Refusal(tuple(faults), reading.event_id)


def _under_column(fault: Fault) -> Fault:
    first, dot, rest = fault.path.partition(".")
    if first != "properties":
        return fault
    return Fault(f"properties_json{dot}{rest}", fault.code, fault.message)


def _is_not_utf8(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _refusal(code: str, message: str) -> Refusal:
    return Refusal((Fault("", code, message),))


def _checked_header(header: Record | None) -> Sequence[str]:
    wanted = f"the first line must name the columns {', '.join(COLUMNS)}, in any order"
    if header is None:
        raise HeaderError.of("header", "missing_header", f"the file is empty; {wanted}")
    if header.problem is not None or any(map(_is_not_utf8, header.values)):
        problem = header.problem or "is not UTF-8"
        raise HeaderError.of("header", "invalid_header", f"{problem}; {wanted}")
    names = [value.strip() for value in header.values]
    faults: list[Fault] = []
    if unknown := [repr(name) for name in names if name not in (*COLUMNS, LINE, REASON)]:
        shown = ", ".join(unknown[:10])
        faults.append(Fault("header", "unknown_column", f"does not know the columns {shown}"))
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        faults.append(Fault("header", "repeated_column", f"repeats {', '.join(repeated)}"))
    if missing := [name for name in COLUMNS if name not in names]:
        faults.append(Fault("header", "missing_column", f"lacks {', '.join(missing)}"))
    if faults:
        raise HeaderError([*faults, Fault("header", "wanted_columns", wanted)])
    return names
