"""Pictures of worlds so small that they can be checked by eye, and what could break a picture."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
from rich.cells import cell_len

from eventanalytics_adapters.cli.querying.output import PRESENTATIONS

if TYPE_CHECKING:
    from tests.cli.conftest import Asked

At: TypeAlias = Callable[[int, float], str]

DAYS = ("--from", "2025-08-25", "--to", "2025-08-28")


def test_a_funnel_of_four_users(asked: "Asked", at: At) -> None:
    asked.record(
        [
            *[(user, "view", at(25, 0), {"plan": plan}) for user, plan in ("ap", "bp", "cq", "dq")],
            *[(user, "buy", at(25, hours), {}) for user, hours in (("a", 1), ("b", 2), ("c", 6))],
            ("a", "thank", at(27, 1), {}),
            ("d", "thank", at(25, 1), {}),  # without having bought
        ]
    )
    options = ("--step", "view", "--step", "buy", "--step", "thank", "--breakdown", "plan")
    assert (
        asked.picture("funnel", *DAYS, *options)
        == """\
Funnel, ordered, within 7 d, 2025-08-25 to 2025-08-28, UTC

#  Event                               Users  Of first  Of previous  Median time
1  view   ███████████████████████████      4    100.0%            -            -
2  buy    ████████████████████▎            3     75.0%        75.0%          2 h
3  thank  ██████▊                          1     25.0%        33.3%          2 d

Attempts still open: 3 users

plan  Step 1  2: of first  3: of first  Finished
p          2       100.0%        50.0%         1  ██████████████████████████████
q          2        50.0%         0.0%         0
"""
    )


def test_a_lifecycle_of_three_users(asked: "Asked", at: At) -> None:
    # a: every day; b: the first and the third; c: the second.
    days = {"a": (25, 26, 27), "b": (25, 27), "c": (26,)}
    asked.record([(user, "x", at(day, 1), {}) for user, ds in days.items() for day in ds])
    assert (
        asked.picture("lifecycle", *DAYS)
        == """\
Lifecycle by day, 2025-08-25 to 2025-08-28, UTC
active: any event; █ new  ▓ returning  ▒ resurrecting  ░ dormant

Start       New  Returning  Resurrecting  Dormant
2025-08-25    2          0             0        0                │██████████████
2025-08-26    1          1             0        1         ░░░░░░░│███████▓▓▓▓▓▓▓
2025-08-27    0          1             1        1         ░░░░░░░│▓▓▓▓▓▓▓▒▒▒▒▒▒▒
2025-08-28    0          0             0        2  ░░░░░░░░░░░░░░│
"""
    )


def test_a_retention_of_two_days(asked: "Asked", at: At) -> None:
    days = {"a": (28, 29), "b": (28,), "c": (29, 30)}
    asked.record([(user, "x", at(day, 1), {}) for user, ds in days.items() for day in ds])
    options = ("--period", "day", "--periods", "2", "--from", "2025-08-28", "--to", "2025-08-30")
    assert (
        asked.picture("retention", *options)
        == """\
Retention by day, 2025-08-28 to 2025-08-30, UTC
start: any event (first in range)
return: any event (on the day)

Cohort      Size         0         1
2025-08-28     2  100.0% 2   50.0% 1
2025-08-29     1  100.0% 1
2025-08-30     0
Average             100.0%     50.0%
No day after column 1 is over yet.
"""
    )


def test_paths_of_three_sessions(asked: "Asked", at: At) -> None:
    ways = {"a": ("open", "view", "buy"), "b": ("open", "view"), "c": ("view",)}
    asked.record(
        [
            (user, what, at(25, n / 10), {})
            for user, whats in ways.items()
            for n, what in enumerate(whats)
        ]
    )
    assert (
        asked.picture("paths", *DAYS)
        == """\
Paths by $event_type, 2025-08-25 to 2025-08-28, UTC
3 sessions, gaps of at most 30 min

Step           Sessions  Share
1 open                2  66.7%  ████████████████████████████████
    → view            2  66.7%  ████████████████████████████████
1 view ■ ends         1  33.3%  ████████████████
2 view                2  66.7%  ████████████████████████████████
    → buy             1  33.3%  ████████████████
    ■ ends            1  33.3%  ████████████████
3 buy ■ ends          1  33.3%  ████████████████
"""
    )


def test_bars_below_zero_and_values_that_are_none(asked: "Asked", at: At) -> None:
    asked.record([("a", "x", at(25, 1), {"n": -4}), ("a", "x", at(27, 1), {"n": 2.5})])
    picture = asked.picture("trends", *DAYS, "--measure", "minimum", "--property", "n")
    assert picture.splitlines()[2:] == [
        "minimum of n, any event: -4 in all",
        "▁▁▁   ███",
        "",
        "Start       Value",
        "2025-08-25     -4  " + "░" * 61,
        "2025-08-26      -",
        "2025-08-27    2.5  " + "█" * 38 + "▏",
        "2025-08-28      -",
    ]


def test_groups_that_look_alike_are_told_apart(asked: "Asked", at: At) -> None:
    values = [5, "5", True, "true", "(none)", None, "", " a", [1], "UA", 0.5]
    asked.record([(f"u{n}", "x", at(25, n), {"p": value}) for n, value in enumerate(values)])
    picture = asked.picture("trends", *DAYS, "--breakdown", "p")
    names = [line[:12].strip() for line in picture.splitlines()[4 : 4 + len(values)]]
    assert sorted(names) == sorted(
        ["5", '"5"', "true", '"true"', '"(none)"', "(none)", '""', '" a"', "[1]", "UA", "0.5"]
    )


def test_what_a_terminal_would_obey_is_shown(asked: "Asked", at: At) -> None:
    evil = "\x1b]0;owned\x07\u202e[red]x"
    asked.record([("a", evil, at(25, 1), {"p": evil}), ("a", "b", at(25, 1.1), {"p": evil})])
    for arguments in (
        ("top",),
        ("trends", "--event", evil, "--breakdown", "p", "--where", f"p={evil}"),
        ("funnel", "--step", evil, "--step", evil, "--breakdown", "p"),
        ("retention", "--start", evil),
        ("lifecycle", "--event", evil),
        ("stickiness", "--event", evil),
        ("paths",),
        ("paths", "--by", "p", "--start", evil, "--end", evil),
    ):
        picture = asked.picture(*arguments, *DAYS)
        assert not {"\x1b", "\x07", "\u202e"} & set(picture), arguments
        assert "\\x1b]0;owned" in picture


def test_long_and_wide_names_leave_room_for_the_numbers(asked: "Asked", at: At) -> None:
    asked.record([("a", "長い" * 60, at(25, 1), {}), ("b", "e" * 200, at(25, 2), {})])
    lines = asked.picture("top", *DAYS).splitlines()[3:]
    assert [cell_len(line) for line in lines] == [80, 80]
    assert all("…" in line and "█" * 8 in line for line in lines)


@pytest.mark.parametrize("width", ["40", "80", "160"])
def test_many_columns_are_continued_below(shop: "Asked", width: str) -> None:
    days = ("--from", "2025-08-01", "--to", "2025-08-05")
    options = ("--period", "day", "--periods", "27")
    picture = shop.picture("retention", *days, *options, COLUMNS=width)
    assert max(map(len, picture.splitlines()[3:])) <= int(width)
    headings = [line.split()[2:] for line in picture.splitlines() if line.startswith("Cohort")]
    assert [int(column) for band in headings for column in band] == list(range(28))


def test_a_funnel_of_many_steps_shows_its_groups_one_after_another(shop: "Asked") -> None:
    steps = [word for _ in range(8) for word in ("--step", "view_item")]
    picture = shop.picture("funnel", *DAYS, *steps, "--breakdown", "country")
    assert [line for line in picture.splitlines() if line.startswith("country: ")] == [
        "country: UA",
        "country: DE",
        "country: PL",
    ]
    assert max(map(len, picture.splitlines())) <= 80


def test_an_hour_that_the_clock_shows_twice_has_its_offset(asked: "Asked") -> None:
    asked.record([])
    night = ("--from", "2024-10-26T23:00:00Z", "--to", "2024-10-27T02:00:00Z")
    picture = asked.picture("sessions", *night, "--interval", "hour", "--timezone", "Europe/Kyiv")
    assert [line.split("  ")[0] for line in picture.splitlines()[4:7]] == [
        "2024-10-27 02:00",
        "2024-10-27 03:00+0300",
        "2024-10-27 03:00+0200",
    ]


@pytest.mark.parametrize("kind", PRESENTATIONS)
def test_a_world_without_events_is_drawn_too(asked: "Asked", kind: str) -> None:
    asked.record([])
    steps = ("--step", "a", "--step", "b") if kind == "funnel" else ()
    assert asked.picture(kind, *DAYS, *steps).count("\n") > 1


@pytest.mark.parametrize("kind", PRESENTATIONS)
def test_an_output_that_takes_ascii_alone_gets_it(shop: "Asked", kind: str) -> None:
    steps = ("--step", "open", "--step", "purchase") if kind == "funnel" else ()
    done = shop.run(kind, *DAYS, *steps, charset="ascii")
    assert done.exit_code == 0, done.output
    assert done.stdout.isascii()
    assert "?" not in done.stdout


def test_a_terminal_gets_colours_unless_it_wants_none(shop: "Asked") -> None:
    options = ("retention", "--from", "2025-08-01", "--to", "2025-08-28")
    plain = shop.picture(*options)
    coloured = shop.picture(*options, FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b[38;5;" in coloured or "\x1b[30;48;5;" in coloured or "48;5;" in coloured
    without = shop.picture(*options, FORCE_COLOR="1", TERM="xterm-256color", NO_COLOR="1")
    assert "48;5;" not in without
    assert "\x1b" not in plain
