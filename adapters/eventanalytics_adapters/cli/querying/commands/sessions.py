"""``eventanalytics query sessions``."""

import click

from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.durations import as_seconds
from eventanalytics_adapters.cli.querying.options import all_of, interval_option

gap_option = all_of(
    click.option(
        "--gap",
        metavar="DURATION",
        callback=as_seconds,
        default="30m",
        show_default=True,
        help="The longest time between two events of one session.",
    )
)


@click.command("sessions")
@interval_option()
@gap_option
@asks_with_body("sessions")
def sessions(*, interval: str, gap: int) -> Members:
    """Draw how many sessions there are, how long they last, and how many are but one event."""
    return {"interval": interval, "gap_seconds": gap}
