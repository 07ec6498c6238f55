"""Bad input is one sentence that names the option, with exit code 2, before a store is opened."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Asked

STEPS = ("--step", "a", "--step", "b")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trends", "--from", "yesterday"), "--from: must be a date such as 2025-01-13, or a time"),
        (("trends", "--to", "2025-02-30"), "--to: must be a date such as 2025-01-13"),
        (
            ("trends", "--from", "2025-08-02", "--to", "2025-08-01"),
            "--from: from 2025-08-02 is after to 2025-08-01",
        ),
        (
            ("trends", "--from", "2025-08-02", "--to", "2025-08-03T00:00:00Z"),
            "--from, --to: from and to must both be days or both be instants",
        ),
        (("trends", "--timezone", "Kyiv"), "--timezone: no time zone is named 'Kyiv'"),
        (("trends", "--week-start", "friday"), "'--week-start': 'friday' is not one of"),
        (("trends", "--interval", "year"), "'--interval': 'year' is not one of"),
        (("trends", "--where", "country"), "'--where': after country must follow = != > >="),
        (
            ("trends", "--where", "a=1", "--where", "price>=cheap"),
            "--where 'price>=cheap': value: must be a number",
        ),
        (
            ("trends", "--where", "country=null"),
            "--where 'country=null': value: must be a text, a number or a boolean; for null there",
        ),
        (
            ("trends", "--where", 'country in ["UA",null]'),
            "--where 'country in [\"UA\",null]': value[1]: must be a text",
        ),
        (("trends", "--where", "a=\udcff"), "--where 'a=\\udcff': value: "),
        (("trends", *("--where", "a=1") * 51), "--where: holds 51 conditions, at most 50"),
        (("trends", "--measure", "count"), "'--measure': 'count' is not one of"),
        (("trends", "--measure", "sum"), "--property: sum is measured of a property"),
        (("trends", "--property", "p"), "--property: events is not measured of a property"),
        (
            ("trends", *("--event", "a") * 3, *("--measure", "users") * 2),
            "--measure is given 2 times for 3 series: give it once, or for each",
        ),
        (("trends", "--formula", "A / C"), "--formula: "),
        (("trends", *("--event", "a") * 27), "--event: "),
        (("trends", "--limit", "3"), "--limit has a meaning only with --breakdown"),
        (("trends", "--breakdown", "x", "--limit", "0"), "--limit: must be from 1 to 1000"),
        (("trends", "--breakdown", ""), "--breakdown: must not be empty"),
        (("funnel", "--step", "a"), "--step: "),
        (("funnel",), "--step: "),
        (("funnel", *STEPS, "--window", "soon"), "'--window': 'soon' is no length of time such as"),
        (("funnel", *STEPS, "--window", "0s"), "--window: "),
        (("funnel", *STEPS, "--order", "any"), "'--order': 'any' is not one of"),
        (("funnel", *STEPS, "--attribution", "last"), "--attribution has a meaning only with"),
        (
            (
                *("funnel", *STEPS, "--breakdown", "x", "--attribution", "step"),
                *("--attribution-step", "3"),
            ),
            "--attribution-step: ",
        ),
        (("retention", "--periods", "-1"), "--periods: must be from 0 to 366"),
        (("retention", "--kind", "last"), "'--kind': 'last' is not one of"),
        (("retention", "--start", "\udcff"), "--start: "),
        (("sessions", "--gap", "2d"), "--gap: must be from 1 to 86400"),
        (("paths", "--max-steps", "21"), "--max-steps: must be from 1 to 20"),
        (("paths", "--by", ""), "--by: must not be empty"),
        (("paths", "--limit", "many"), "'--limit': 'many' is not a valid integer"),
        (("dau", "--from", "2025-08-01T10:00:00Z"), "--from: must be a date such as 2025-01-13"),
        (("dau", "--segment", "country=UA"), "--segment: must be event_type:<value>, user_id:"),
        (("top", "--limit", "0"), "--limit: "),
        (("top", "--json", "--csv"), "--json and --csv: only one of them can be given"),
        (("dau", "--url", "example.org"), "--url must be an address such as https://"),
        (("dau", "--url", "http://example.org"), "--url needs --key, or EVENTANALYTICS_KEY"),
        (("trends", "--file", "missing.json"), "'--file': File 'missing.json' does not exist."),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_options(
    shop: "Asked", arguments: tuple[str, ...], said: str
) -> None:
    done = shop.run(*arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("Error: ")
    assert said in sentence
    assert shop.opened == 0


def test_what_only_the_store_finds_is_said_in_the_same_way(shop: "Asked") -> None:
    done = shop.run("trends", "--interval", "hour", "--from", "2020-01-01")
    assert (done.exit_code, done.stdout) == (2, "")
    said = "Error: --to: the range has more than 10000 buckets of one hour\n"
    assert done.stderr.endswith(said)


def test_a_project_that_is_not_there_is_named(shop: "Asked") -> None:
    done = shop.run("dau", "--project", "nowhere")
    assert done.exit_code == 2
    assert done.stderr.endswith("Error: --project: there is no project 'nowhere'\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "--file q.json: the body is not JSON: "),
        (b"[]", "--file q.json: must be an object"),
        (b"{}", "--file q.json: range: is required; series: is required"),
        (
            b'{"range": {"from": "2025-08-01", "to": "x"}, "series": [{"evnt": "a"}]}',
            "--file q.json: series[0].evnt: is not a field here",
        ),
        (
            b'{"range": {"from": "2025-08-01", "to": "x"}, "series": [{}]}',
            "--file q.json: range.to: must be a date such as",
        ),
        (b"\xff", "--file q.json: the body is not JSON: "),
    ],
)
def test_what_is_wrong_in_a_file_is_said_by_its_path(
    shop: "Asked", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.json").write_bytes(content)
    done = shop.run("trends", "--file", "q.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--from", "2025-08-01"), ("--where", "a=1"), ("--event", "a")]
)
def test_beside_a_file_nothing_else_is_asked(shop: "Asked", option: str, value: str) -> None:
    done = shop.run("trends", "--file", "-", option, value, stdin="{}")
    assert done.exit_code == 2
    assert f"{option} has no meaning beside --file" in done.stderr
