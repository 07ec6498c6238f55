"""Files are imported beside a running server, over HTTP and through a pipe."""

import csv
import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Events, Place


def test_a_file_is_imported_beside_a_running_server_and_nothing_twice(
    prepared: "Place", events: "type[Events]"
) -> None:
    sent = events(2500)
    file = sent.write_csv(prepared.work_dir / "events.csv")
    server = prepared.serve()
    read_key = prepared.api_key("read")
    first = prepared.on_data("import", str(file))
    assert "read 2,500, created 2,500, duplicates 0, conflicts 0, rejected 0, " in first.stdout
    again = prepared.run(
        *("import", str(file), "--url", server.address, "--key", server.shown("Ingest key"))
    )
    assert again.returncode == 0, again.stderr
    assert "read 2,500, created 0, duplicates 2,500, conflicts 0, rejected 0, " in again.stdout
    assert server.shown("Ingest key") not in again.stdout + again.stderr
    assert sorted(sent.stored_in(server, read_key)) == sorted(sent.ids)


@pytest.mark.parametrize("over_http", [False, True])
def test_faulty_lines_are_named_and_kept_and_the_rest_is_stored(
    prepared: "Place", events: "type[Events]", *, over_http: bool
) -> None:
    sent = events(50)
    file = sent.write_csv(prepared.work_dir / "events.csv")
    size = len(file.read_bytes().splitlines())
    with file.open("ab") as out:
        out.write(b"no-id,2025-08-01T00:00:00Z,u,view,\n")
        out.write(f"{sent.ids[0]},2025-08-01T00:00:00Z,somebody else,view,\n".encode())
        out.write(b"11111111-1111-4111-8111-111111111111,2925-08-01T00:00:00Z,u,view,\n")
        out.write(b"22222222-2222-4222-8222-222222222222,2025-08-01T00:00:00Z,caf\xe9,view,\n")
        out.write(b'33333333-3333-4333-8333-333333333333,2025-08-01T00:00:00Z,u,view,"{\n')
    server = prepared.serve()
    where = (
        ("--url", server.address, "--key", server.shown("Ingest key"))
        if over_http
        else ("--data-dir", str(prepared.data_dir))
    )
    done = prepared.run("import", str(file), *where)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "read 55, created 50, duplicates 0, conflicts 1, rejected 4," in done.stdout
    for line, reason in enumerate(
        ["event_id: must be", "event_id: is stored", "occurred_at: is in", "user_id: is not UTF-8"],
        size + 1,
    ):
        assert f"line {line}: {reason}" in done.stdout
    with (prepared.work_dir / "events.rejected.csv").open(
        newline="", errors="surrogateescape"
    ) as rejected:
        rows = list(csv.DictReader(rejected))
    assert [int(row["line"]) for row in rows] == [size + n for n in range(1, 6)]
    assert rows[1]["user_id"] == "somebody else"


def test_a_pipe_is_read_as_it_comes_and_an_interrupt_keeps_what_is_stored(
    prepared: "Place", events: "type[Events]"
) -> None:
    sent = events(300)
    text = sent.write_csv(prepared.path / "events.csv").read_text()
    server = prepared.serve()
    read_key = prepared.api_key("read")

    def stored() -> int:
        answer = server.client.get("/api/v1/stats", headers={"X-API-Key": read_key})
        return int(answer.json()["events"])

    # Nobody writes into the pipe any more, and nobody closes it.
    reading, writing = prepared.pipe(text)
    with reading, writing, (prepared.path / "import.out").open("wb") as out:
        importing = prepared.start(
            *("import", "-", "--batch-size", "100", "--data-dir", str(prepared.data_dir)),
            output=out,
            errors=out,
            stdin=reading,
        )
        prepared.wait_until(lambda: stored() == 300)
        importing.send_signal(signal.SIGTERM)
        assert importing.wait(10) == 130
    said = (prepared.path / "import.out").read_text()
    assert "read 300, created 300, duplicates 0," in said
    assert "Stopped." in said
    assert "Traceback" not in said
    assert "Fatal" not in said

    # Closed, it is a file like any other.
    done = prepared.run("import", "-", "--data-dir", str(prepared.data_dir), stdin=text)
    assert done.returncode == 0, done.stderr
    assert "read 300, created 0, duplicates 300," in done.stdout
    assert sorted(sent.stored_in(server, read_key)) == sorted(sent.ids)


def test_a_file_that_is_none_starts_nothing(place: "Place") -> None:
    file = place.work_dir / "events.csv"
    file.write_text("event_id,colour\n")
    done = place.run("import", str(file), "--data-dir", str(place.data_dir))
    assert done.returncode == 2
    assert "'colour'" in done.stderr
    assert not place.data_dir.exists()
