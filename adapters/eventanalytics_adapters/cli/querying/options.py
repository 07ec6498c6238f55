"""The options that questions share, and how their values are read."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

from eventanalytics.domain.projects import DEFAULT_SLUG
from eventanalytics.domain.time import Interval, WeekStart
from eventanalytics_adapters.cli.data_dir import data_dir_option
from eventanalytics_adapters.cli.querying.where import (
    ConditionError,
    WrittenCondition,
    parse_condition,
)

F = TypeVar("F", bound=Callable[..., Any])

ANY_EVENT: Final = "*"


def as_conditions(
    _context: click.Context, _parameter: click.Parameter, texts: Sequence[str]
) -> list[tuple[str, WrittenCondition]]:
    """Read the values of an option that is a condition: each with what it means.

    Raises:
        click.BadParameter: One is none.
    """
    try:
        return [(text, parse_condition(text)) for text in texts]
    except ConditionError as error:
        raise click.BadParameter(str(error)) from None


def selector(event: str | None) -> dict[str, str | None]:
    """Return the selector of an event type; a star means any."""
    return {"event": None if event == ANY_EVENT else event}


def interval_option(default: Interval = Interval.DAY, *names: str) -> Callable[[F], F]:
    """Return the option for how long a bucket is."""
    return click.option(
        *(names or ("--interval",)),
        type=click.Choice([interval.value for interval in Interval]),
        default=default.value,
        show_default=True,
        help="How long a bucket is, on the calendar of --timezone.",
    )


def all_of(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return what adds several options, in this order."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_RANGE = (
    click.option(
        "--from",
        "since",
        metavar="DAY|INSTANT",
        help="Where the range begins.  [default: so that it has 30 days]",
    ),
    click.option(
        "--to",
        "until",
        metavar="DAY|INSTANT",
        help="Where it ends: a day belongs to it, an instant does not.  [default: today]",
    ),
    click.option("--timezone", default="UTC", show_default=True, help="An IANA name."),
)

body_options = all_of(
    *_RANGE,
    click.option(
        "--week-start",
        type=click.Choice([start.value for start in WeekStart]),
        default=WeekStart.MONDAY.value,
        show_default=True,
    ),
    click.option(
        "--where",
        multiple=True,
        metavar="CONDITION",
        callback=as_conditions,
        help=(
            "Only events like this: country=UA, 'price>=10', 'plan is_set', "
            '\'country in ["UA","PL"]\'. May be repeated: all must hold.'
        ),
    ),
    click.option(
        "--file",
        type=click.Path(exists=True, dir_okay=False, allow_dash=True),
        help="Ask what this JSON file says, as the API takes it; - is standard input.",
    ),
)
"""Of the questions that the API takes as a body."""

parameter_options = all_of(
    *_RANGE,
    click.option(
        "--segment",
        multiple=True,
        metavar="FIELD:VALUE",
        help=(
            "Only events like this: event_type:purchase, user_id:7, properties.country:UA. "
            "May be repeated: all must hold."
        ),
    ),
)
"""Of the questions that the API takes as parameters."""

place_options = all_of(
    click.option("--url", help="Ask the server at this address, such as http://host:8000."),
    click.option(
        "--key",
        envvar="EVENTANALYTICS_KEY",
        help="A key for it with the scope read. Better given as EVENTANALYTICS_KEY.",
    ),
    click.option(
        "--project", help=f"What is asked about.  [default: {DEFAULT_SLUG}, or the key's]"
    ),
    data_dir_option,
)

output_options = all_of(
    click.option("--json", "as_json", is_flag=True, help="Print the answer as the API sends it."),
    click.option("--csv", "as_csv", is_flag=True, help="Print the answer as rows of CSV."),
)

BESIDE_FILE: Final = frozenset({"file", "url", "key", "project", "data_dir", "as_json", "as_csv"})
"""The options that say something beside a question in a file."""
