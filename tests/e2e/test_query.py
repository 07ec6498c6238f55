"""Questions to a running server, and to its database beside it."""

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.conftest import Events, Place

AUGUST = ("--from", "2025-08-01", "--to", "2025-08-28")


def test_a_server_and_its_database_answer_the_same(
    prepared: "Place", events: "type[Events]"
) -> None:
    file = events(600).write_csv(prepared.work_dir / "events.csv")
    server = prepared.serve()
    key = prepared.api_key("read")
    prepared.on_data("import", str(file))

    def remote(*arguments: str) -> str:
        done = prepared.run(*("query", *arguments, "--url", server.address), EVENTANALYTICS_KEY=key)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def local(*arguments: str) -> str:
        return prepared.on_data("query", *arguments).stdout

    dau = ("dau", *AUGUST, "--segment", "event_type:view")
    assert remote(*dau, "--json") == local(*dau, "--json")
    assert sum(day["unique_users"] for day in json.loads(remote(*dau, "--json"))["data"]) > 100
    trends = ("trends", *AUGUST, "--event", "view", "--where", "number>=10", "--interval", "week")
    picture = remote(*trends)
    assert picture == local(*trends)
    assert picture.startswith("Trends by week, 2025-08-01 to 2025-08-28, UTC, where number>=10\n")
    assert "\x1b" not in picture
    funnel = ("funnel", *AUGUST, "--step", "view", "--step", "buy")
    assert remote(*funnel, "--csv") == local(*funnel, "--csv")

    refused = prepared.run(
        *("query", "trends", *AUGUST, "--where", "number>=ten", "--url", server.address),
        EVENTANALYTICS_KEY=key,
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.endswith("Error: --where 'number>=ten': value: must be a number\n")

    ingest = prepared.run(
        "query", "dau", "--url", server.address, "--key", server.shown("Ingest key")
    )
    assert (ingest.returncode, ingest.stdout) == (1, "")
    assert ingest.stderr.startswith(f"Error: {server.address} does not answer: 403 ")
    assert server.shown("Ingest key") not in ingest.stderr


def test_whoever_has_seen_enough_may_stop_reading(prepared: "Place") -> None:
    reading, writing = os.pipe()
    os.close(reading)
    errors = prepared.path / "errors"
    with os.fdopen(writing, "wb") as output, errors.open("wb") as err:
        process = prepared.start(
            *("query", "dau", *AUGUST, "--json", "--data-dir", str(prepared.data_dir)),
            output=output,
            errors=err,
        )
        assert process.wait(60) == 0
    assert errors.read_bytes() == b""
