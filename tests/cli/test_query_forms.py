"""--json is the API's answer to the byte, --csv is the same as rows; nothing else is printed."""

import asyncio
import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from eventanalytics_adapters.cli.querying.output import PRESENTATIONS

if TYPE_CHECKING:
    from tests.cli.conftest import Asked

RANGE = {"from": "2025-08-04", "to": "2025-08-28"}
DAYS = ("--from", "2025-08-04", "--to", "2025-08-28")
WHERE = {"property": "country", "op": "in", "value": ["UA", "PL"]}

# Every option of each command, and the body that says the same.
QUESTIONS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "trends": (
        [
            *("--event", "purchase", "--event", "*", "--measure", "average", "--property", "price"),
            *("--interval", "week", "--formula", "B*2", "--breakdown", "country", "--limit", "1"),
            *("--compare", "--week-start", "sunday", "--timezone", "Europe/Kyiv"),
        ],
        {
            "series": [
                {"event": "purchase", "measure": "average", "property": "price"},
                {"event": None, "measure": "average", "property": "price"},
            ],
            "interval": "week",
            "formula": "B*2",
            "breakdown": {"property": "country", "limit": 1},
            "compare": True,
            "week_start": "sunday",
            "timezone": "Europe/Kyiv",
        },
    ),
    "funnel": (
        [
            *("--step", "view_item", "--step", "*", "--order", "unordered", "--window", "1h30m"),
            *("--breakdown", "plan", "--attribution", "step", "--attribution-step", "2"),
            *("--where", 'country in ["UA","PL"]', "--where", "$user_id!=7"),
        ],
        {
            "steps": [{"event": "view_item"}, {"event": None}],
            "order": "unordered",
            "window_seconds": 5400,
            "breakdown": {"property": "plan", "attribution": "step", "step": 2},
            "where": [WHERE, {"property": "$user_id", "op": "neq", "value": 7}],
        },
    ),
    "retention": (
        [
            *("--start", "sign_up", "--return", "purchase", "--period", "day", "--periods", "3"),
            *("--kind", "recurring", "--mode", "on_or_after"),
        ],
        {
            "start": {"event": "sign_up"},
            "return": {"event": "purchase"},
            "period": "day",
            "periods": 3,
            "kind": "recurring",
            "mode": "on_or_after",
        },
    ),
    "lifecycle": (
        ["--event", "open", "--interval", "week"],
        {"event": "open", "interval": "week"},
    ),
    "stickiness": (
        ["--event", "open", "--interval", "week", "--where", "plan is_set"],
        {
            "event": "open",
            "interval": "week",
            "where": [{"property": "plan", "op": "is_set"}],
        },
    ),
    "sessions": (
        ["--interval", "month", "--gap", "5m"],
        {"interval": "month", "gap_seconds": 300},
    ),
    "paths": (
        [
            *("--start", "open", "--end", "add_to_cart", "--max-steps", "3", "--limit", "2"),
            *("--by", "$event_type", "--collapse-repeats", "--gap", "1h"),
        ],
        {
            "start": {"event": "open"},
            "end": {"event": "add_to_cart"},
            "max_steps": 3,
            "limit": 2,
            "by": "$event_type",
            "collapse_repeats": True,
            "gap_seconds": 3600,
        },
    ),
}
STATISTICS: dict[str, tuple[list[str], str]] = {
    "dau": (
        ["--timezone", "Asia/Kathmandu", "--segment", "properties.country:UA"],
        "dau?timezone=Asia/Kathmandu&segment=properties.country:UA",
    ),
    "top": (
        ["--limit", "2", "--segment", "event_type:open", "--segment", "properties.plan:pro"],
        "top-events?limit=2&segment=event_type:open&segment=properties.plan:pro",
    ),
}


def over_http(shop: "Asked", kind: str, body: dict[str, Any]) -> str:
    async def answer() -> str:
        async with shop.api() as api:
            answer = await api.post(f"/api/v1/query/{kind}", json={"range": RANGE, **body})
        assert answer.status_code == 200, answer.text
        return answer.text

    return asyncio.run(answer())


@pytest.mark.parametrize("kind", QUESTIONS)
def test_json_is_what_the_api_answers_to_the_byte(shop: "Asked", kind: str) -> None:
    options, body = QUESTIONS[kind]
    done = shop.run(kind, *DAYS, *options, "--json")
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    assert done.stdout == over_http(shop, kind, body) + "\n"


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_in_a_file_or_on_standard_input_is_the_same(shop: "Asked", kind: str) -> None:
    options, body = QUESTIONS[kind]
    asked = json.dumps({"range": RANGE, **body})
    by_options = shop.run(kind, *DAYS, *options, "--json").stdout
    assert shop.run(kind, "--file", "-", "--json", stdin=asked).stdout == by_options


@pytest.mark.parametrize("kind", STATISTICS)
def test_json_of_a_statistic_is_what_the_api_answers_to_the_byte(shop: "Asked", kind: str) -> None:
    options, address = STATISTICS[kind]

    async def answer() -> str:
        async with shop.api() as api:
            answer = await api.get(f"/api/v1/stats/{address}&from=2025-08-04&to=2025-08-28")
        assert answer.status_code == 200, answer.text
        return answer.text

    done = shop.run(kind, *DAYS, *options, "--json")
    assert done.stdout == asyncio.run(answer()) + "\n"


@pytest.mark.parametrize("kind", [*QUESTIONS, *STATISTICS])
def test_csv_has_a_header_and_rows_as_wide(shop: "Asked", kind: str) -> None:
    options = QUESTIONS[kind][0] if kind in QUESTIONS else STATISTICS[kind][0]
    done = shop.run(kind, *DAYS, *options, "--csv")
    assert (done.exit_code, done.stderr) == (0, "")
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert tuple(header) == tuple(PRESENTATIONS[kind].header)
    assert rows
    assert {len(row) for row in rows} == {len(header)}


def test_without_a_range_it_is_the_last_30_days_of_the_zone(shop: "Asked") -> None:
    # In Auckland it is the 31st already.
    answer = json.loads(shop.picture("lifecycle", "--json", "--timezone", "Pacific/Auckland"))
    assert answer["query"]["range"] == {"from": "2025-08-02", "to": "2025-08-31"}
    assert len(answer["buckets"]) == 30


@pytest.mark.parametrize(
    ("given", "since", "until"),
    [
        (("--from", "2025-08-20"), "2025-08-20", "2025-08-30"),
        (("--to", "2025-08-20"), "2025-07-22", "2025-08-20"),
        (("--from", "2025-08-20T10:00:00Z"), "2025-08-20T10:00:00Z", "2025-08-30T12:00:00Z"),
        (("--to", "2025-08-20T10:00:00+03:00"), "2025-07-21T07:00:00Z", "2025-08-20T07:00:00Z"),
    ],
)
def test_one_end_of_a_range_decides_the_other(
    shop: "Asked", given: tuple[str, str], since: str, until: str
) -> None:
    answer = json.loads(shop.picture("stickiness", "--json", *given))
    assert answer["query"]["range"] == {"from": since, "to": until}


def test_whole_numbers_of_any_size_come_through_csv_whole(asked: "Asked") -> None:
    large = 2**62 + 1
    when = "2025-08-10T10:00:00Z"
    asked.record(
        [("a", "x", when, {"n": large}), ("b", "x", when, {"n": True}), ("c", "x", when, {"n": 1})]
    )
    rows = csv.DictReader(
        io.StringIO(asked.picture("trends", "--csv", "--breakdown", "n", "--to", "2025-08-10"))
    )
    totals = [row for row in rows if not row["start"]]
    assert [(row["group_type"], row["group_value"], row["value"]) for row in totals] == [
        ("number", "1", "1"),
        ("number", str(large), "1"),
        ("boolean", "true", "1"),
    ]
