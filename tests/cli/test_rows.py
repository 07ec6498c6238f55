"""A header and the rows under it are read as events, and every fault is named by its column."""

import io
from datetime import UTC, datetime
from uuid import UUID

import pytest

from eventanalytics.domain.events import Refusal, Submission
from eventanalytics_adapters.cli.importing import rows
from eventanalytics_adapters.cli.importing.records import RecordReader
from eventanalytics_adapters.cli.importing.rows import Batch, EventRows, HeaderError

HEADER = b"event_id,occurred_at,user_id,event_type,properties_json\n"
ID = "25a4b866-040b-466f-945c-148e4720f511"


def batches(data: bytes, *, size: int = 1000) -> list[Batch]:
    return list(EventRows(RecordReader(io.BytesIO(data)), size=size))


def read(row: str | bytes) -> Submission | Refusal:
    data = row if isinstance(row, bytes) else row.encode()
    [batch] = batches(HEADER + data + b"\n")
    [found] = batch.rows
    return found.reading


def faults(row: str | bytes) -> list[tuple[str, str]]:
    reading = read(row)
    assert isinstance(reading, Refusal)
    return [(fault.path, fault.code) for fault in reading.faults]


def test_a_row_is_an_event() -> None:
    assert read(f'{ID},2025-08-21T06:52:34+03:00,1,view,"{{""a"": 1.5}}"') == Submission(
        event_id=UUID(ID),
        user_id="1",
        event_type="view",
        occurred_at=datetime(2025, 8, 21, 3, 52, 34, tzinfo=UTC),
        properties={"a": 1.5},
    )


def test_no_properties_are_none() -> None:
    reading = read(f"{ID},2025-08-21T06:52:34,1,view,")
    assert isinstance(reading, Submission)
    assert reading.properties == {}


def test_the_columns_may_stand_in_any_order() -> None:
    header = b"properties_json,event_type,event_id,user_id,occurred_at\n"
    [batch] = batches(header + f"{{}},view,{ID},u,2025-08-21T06:52:34Z\n".encode())
    [row] = batch.rows
    assert isinstance(row.reading, Submission)
    assert (row.reading.event_type, row.reading.user_id) == ("view", "u")


LATIN = "caf\xe9".encode("latin-1")
TIME = "2025-08-21T06:52:34Z"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"x,{TIME},1,view,{{}}", [("event_id", "invalid_uuid")]),
        (f"{ID},yesterday,1,view,", [("occurred_at", "invalid_datetime")]),
        (f"{ID},{TIME},,,", [("user_id", "empty_text"), ("event_type", "empty_text")]),
        (f"{ID},1969-01-01T00:00:00Z,1,view,", [("occurred_at", "too_early")]),
        (f"{ID},{TIME},1,view,[]", [("properties_json", "invalid_type")]),
        (f"{ID},{TIME},1,view,{{", [("properties_json", "invalid_json")]),
        (
            f"x,{TIME},1,view,{{",
            [("properties_json", "invalid_json"), ("event_id", "invalid_uuid")],
        ),
        (f"{ID},{TIME},1,view,{'[' * 5000}", [("properties_json", "invalid_json")]),
        (
            f'{ID},{TIME},1,view,"{{""a"":""\\u0000""}}"',
            [("properties_json.a", "nul_character")],
        ),
        (f'{ID},{TIME},1,view,"{{""a"":""\\ud83d""}}"', [("properties_json", "invalid_json")]),
        (f"{ID},{TIME},a\0b,view,", [("user_id", "nul_character")]),
        (f"{ID},{TIME},{'u' * 201},view,", [("user_id", "too_long")]),
        (f"{ID},{TIME},1,view", [("", "malformed_row")]),
        (f"{ID},{TIME},1,view,,", [("", "malformed_row")]),
        (f'{ID},{TIME},1,view,"{{', [("", "malformed_row")]),
        (LATIN + f",{TIME},1,view,".encode(), [("event_id", "invalid_encoding")]),
        (f"{ID},{TIME},".encode() + LATIN + b",view,", [("user_id", "invalid_encoding")]),
        (
            f'{ID},{TIME},1,view,"{{""'.encode() + LATIN + b'"":1}"',
            [("properties_json", "invalid_encoding")],
        ),
    ],
)
def test_every_fault_is_named_by_its_column(
    row: str | bytes, expected: list[tuple[str, str]]
) -> None:
    assert faults(row) == expected


def test_a_refusal_knows_the_id_where_it_was_readable() -> None:
    reading = read(f"{ID},yesterday,1,view,")
    assert isinstance(reading, Refusal)
    assert reading.event_id == UUID(ID)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"", "the file is empty"),
        (b"event_id,occurred_at,user_id,event_type\n", "lacks properties_json"),
        (b"event_id,occurred_at,user_id,event_type,properties_json,colour\n", "'colour'"),
        (b"event_id,event_id,occurred_at,user_id,event_type,properties_json\n", "repeats event_id"),
        (b"event_id;occurred_at;user_id\n", "lacks event_id, occurred_at"),
        ("event_id,occurred_at\n".encode("utf-16"), "is not UTF-8"),
        (b'"event_id,occurred_at\n', "not valid CSV"),
    ],
)
def test_a_header_that_is_none_is_refused(header: bytes, said: str) -> None:
    with pytest.raises(HeaderError, match=said):
        batches(header)


def test_a_file_of_rejected_lines_has_a_usable_header() -> None:
    [batch] = batches(
        b"event_id,occurred_at,user_id,event_type,properties_json,line,reason\n"
        + f"{ID},2025-08-21T06:52:34Z,1,view,,7,was wrong\n".encode()
    )
    assert isinstance(batch.rows[0].reading, Submission)


def test_batches_hold_so_many_rows_and_tell_how_far_they_reach() -> None:
    line = f"{ID},2025-08-21T06:52:34Z,1,view,\n".encode()
    found = batches(HEADER + line * 5, size=2)
    assert [len(batch.rows) for batch in found] == [2, 2, 1]
    assert [batch.done for batch in found] == [
        len(HEADER) + count * len(line) for count in (2, 4, 5)
    ]


def test_batches_of_long_lines_hold_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"{ID},2025-08-21T06:52:34Z,1,view,\n".encode()
    monkeypatch.setattr(rows, "MAX_BATCH_BYTES", 2 * len(line))
    assert [len(batch.rows) for batch in batches(HEADER + line * 5)] == [2, 2, 1]


def test_a_file_with_a_header_alone_has_no_batch() -> None:
    assert batches(HEADER) == []
