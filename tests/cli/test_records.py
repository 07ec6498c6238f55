"""Bytes are cut into records, and a broken record costs only its own line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics_adapters.cli.importing import records
from eventanalytics_adapters.cli.importing.records import Record, RecordReader


def read(data: bytes) -> list[Record]:
    return list(RecordReader(io.BytesIO(data)))


def cut(data: bytes) -> list[tuple[int, list[str]]]:
    return [(record.line, record.values) for record in read(data) if record.problem is None]


def broken_lines(data: bytes) -> list[int]:
    return [record.line for record in read(data) if record.problem is not None]


def test_a_record_bears_the_line_it_starts_on() -> None:
    data = b'a,b\r\n\n"x\ny\n",1\nz,2'
    assert cut(data) == [(1, ["a", "b"]), (3, ["x\ny\n", "1"]), (6, ["z", "2"])]


def test_a_byte_order_mark_is_no_part_of_the_first_value() -> None:
    assert cut(b"\xef\xbb\xbfa,b\n\xef\xbb\xbfc,d\n") == [(1, ["a", "b"]), (2, ["\ufeffc", "d"])]


def test_sizes_are_bytes_of_the_file() -> None:
    assert [record.size for record in read("ä,b\n\n1,2".encode())] == [5, 3]


def test_a_stray_quote_costs_one_line() -> None:
    data = b'a,b\n1,"2\n3,4\n5,6\n'
    assert broken_lines(data) == [2]
    assert cut(data) == [(1, ["a", "b"]), (3, ["3", "4"]), (4, ["5", "6"])]


def test_a_stray_quote_before_quoted_values_costs_one_line() -> None:
    data = b'1,"2\n3,"4"\n5,"6"\n'
    assert broken_lines(data) == [1]
    assert cut(data) == [(2, ["3", "4"]), (3, ["5", "6"])]


def test_what_follows_a_closing_quote_is_refused() -> None:
    data = b'"a"b,c\nd,e\n'
    [record, _] = read(data)
    assert record.values == ['"a"b,c']
    assert record.problem is not None
    assert "not valid CSV" in record.problem
    assert cut(data) == [(2, ["d", "e"])]


def test_a_line_without_end_is_given_up_and_not_kept_in_memory() -> None:
    class Endless(io.BytesIO):
        longest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            self.longest = max(self.longest, len(line))
            return line

    file = Endless(b"a,b\n" + b"x" * (3 * records.MAX_RECORD_BYTES) + b"\nc,d\n")
    found = list(RecordReader(file))
    assert [record.line for record in found] == [1, 2, 3]
    assert [record.problem is None for record in found] == [True, False, True]
    assert file.longest <= records.MAX_RECORD_BYTES + 1


def test_a_quote_that_is_never_closed_does_not_swallow_the_file() -> None:
    lines = [b"%06d,%s" % (number, b"v" * 100) for number in range(30_000)]
    data = b'a,"b\n' + b"\n".join(lines) + b"\n"
    assert len(data) > 2 * records.MAX_RECORD_BYTES
    assert broken_lines(data) == [1]
    assert len(cut(data)) == len(lines)


def test_one_value_may_be_as_large_as_a_record() -> None:
    value = "v" * (records.MAX_RECORD_BYTES - 10)
    assert cut(f'"{value}",1\n'.encode()) == [(1, [value, "1"])]


def test_bytes_that_are_no_text_are_kept() -> None:
    [(_, [value])] = cut(b"caf\xe9\n")
    assert value.encode("utf-8", "surrogateescape") == b"caf\xe9"


def test_a_nul_character_is_a_character() -> None:
    assert cut(b"a\0b,c\n") == [(1, ["a\0b", "c"])]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)


@given(table=st.lists(st.lists(texts, min_size=2, max_size=4), max_size=8))
def test_whatever_was_written_as_csv_is_read_back(table: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(table)
    marked = "\ufeff" + written.getvalue()  # one mark is for the reader, any other is a value's
    assert [record.values for record in read(marked.encode())] == table


@given(data=st.binary(max_size=200) | st.text('",\n\r\0ab', max_size=60).map(str.encode))
def test_any_bytes_are_read_to_their_end_in_order(data: bytes) -> None:
    found = [record.line for record in read(data)]
    assert found == sorted(set(found))
    assert all(1 <= line <= data.count(b"\n") + 1 for line in found)


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n\n"])
def test_of_nothing_there_are_no_records(data: bytes) -> None:
    assert read(data) == []
