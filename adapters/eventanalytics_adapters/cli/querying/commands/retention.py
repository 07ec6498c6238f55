"""``eventanalytics query retention``."""

import click

from eventanalytics.domain.retention_query import RetentionKind, RetentionMode
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.options import interval_option, selector


@click.command("retention")
@click.option("--start", metavar="EVENT", help="What makes a user start.  [default: any event]")
@click.option(
    "--return", "returning", metavar="EVENT", help="What makes them return.  [default: any event]"
)
@interval_option(Interval.WEEK, "--period", "--interval", "period")
@click.option(
    "--periods", type=int, default=8, show_default=True, help="How many columns follow column 0."
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in RetentionKind]),
    default=RetentionKind.FIRST_IN_RANGE.value,
    show_default=True,
    help="Which start event makes a user belong to a cohort.",
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in RetentionMode]),
    default=RetentionMode.ON.value,
    show_default=True,
    help="Whether a user counts in the column of a return, or in those before it too.",
)
@asks_with_body("retention")
def retention(
    *, start: str | None, returning: str | None, period: str, periods: int, kind: str, mode: str
) -> Members:
    """Draw how many of those who start in a period return in each later one."""
    return {
        "start": selector(start),
        "return": selector(returning),
        "period": period,
        "periods": periods,
        "kind": kind,
        "mode": mode,
    }
