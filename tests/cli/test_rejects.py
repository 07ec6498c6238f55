"""Refused lines are kept with their own columns, their line and the reason."""

import csv
import io
from pathlib import Path

import pytest

from eventanalytics.domain.events import Refusal
from eventanalytics_adapters.cli.importing.records import RecordReader
from eventanalytics_adapters.cli.importing.rejects import SHOWN, Rejects, rejected_path
from eventanalytics_adapters.cli.importing.rows import COLUMNS, EventRows, Row


def row(line: int, *values: str) -> Row:
    return Row(line, values, Refusal(()))


def written(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_without_refused_lines_there_is_no_file(tmp_path: Path) -> None:
    with Rejects(tmp_path / "r.csv", ["a"], print):
        pass
    assert not (tmp_path / "r.csv").exists()


def test_a_line_is_kept_in_its_columns(tmp_path: Path) -> None:
    with Rejects(tmp_path / "r.csv", ["b", "a"], print) as rejects:
        rejects.add(row(7, "x\ny", 'q"'), "wrong")
    assert written(tmp_path / "r.csv") == [
        ["b", "a", "line", "reason"],
        ["x\ny", 'q"', "7", "wrong"],
    ]


def test_a_line_that_fits_no_columns_is_kept_in_the_first(tmp_path: Path) -> None:
    with Rejects(tmp_path / "r.csv", ["a", "b"], print) as rejects:
        rejects.add(row(2, '1,"2'), "no CSV")
        rejects.add(row(3, "1", "2", "3"), "too many")
    assert written(tmp_path / "r.csv")[1:] == [
        ['1,"2', "", "2", "no CSV"],
        ["1,2,3", "", "3", "too many"],
    ]


def test_bytes_that_are_no_text_are_kept_as_they_were(tmp_path: Path) -> None:
    with Rejects(tmp_path / "r.csv", ["a"], print) as rejects:
        rejects.add(row(2, b"caf\xe9\0".decode("utf-8", "surrogateescape")), "wrong")
    assert b"caf\xe9\0,2,wrong" in (tmp_path / "r.csv").read_bytes()


def test_a_mended_file_of_rejects_gets_new_lines_and_reasons(tmp_path: Path) -> None:
    with Rejects(tmp_path / "r.csv", ["a", "line", "reason"], print) as rejects:
        rejects.add(row(2, "x", "99", "old"), "new")
    assert written(tmp_path / "r.csv") == [["a", "line", "reason"], ["x", "2", "new"]]


def test_the_file_of_rejects_can_be_imported(tmp_path: Path) -> None:
    with Rejects(tmp_path / "r.csv", COLUMNS, print) as rejects:
        rejects.add(row(2, "id", "then", "u", "t", "{}"), "wrong")
    rows = EventRows(RecordReader(io.BytesIO((tmp_path / "r.csv").read_bytes())), size=9)
    assert [list(found.values[:5]) for batch in rows for found in batch.rows] == [
        ["id", "then", "u", "t", "{}"]
    ]


def test_the_first_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    shown: list[str] = []
    with Rejects(tmp_path / "r.csv", ["a"], shown.append) as rejects:
        for line in range(SHOWN + 3):
            rejects.add(row(line, "x"), "wrong")
    assert shown == [*(f"line {line}: wrong" for line in range(SHOWN)), "… and 3 more"]
    assert len(written(tmp_path / "r.csv")) == SHOWN + 4


def test_a_reason_cannot_give_orders_to_the_terminal(tmp_path: Path) -> None:
    shown: list[str] = []
    with Rejects(tmp_path / "r.csv", ["a"], shown.append) as rejects:
        rejects.add(row(2, "x"), "properties_json.\x1b[2J: bad")
    assert shown == ["line 2: properties_json.\\x1b[2J: bad"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("a.csv", "a.rejected.csv"), ("a.CSV", "a.rejected.csv"), ("a.b.txt", "a.b.txt.rejected.csv")],
)
def test_the_file_of_rejects_lies_beside_the_source(source: str, expected: str) -> None:
    assert rejected_path(Path("data") / source) == Path("data") / expected
