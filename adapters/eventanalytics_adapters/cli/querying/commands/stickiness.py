"""``eventanalytics query stickiness``."""

import click

from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.options import interval_option, selector


@click.command("stickiness")
@click.option("--event", help="What makes a user active.  [default: any event]")
@interval_option()
@asks_with_body("stickiness")
def stickiness(*, event: str | None, interval: str) -> Members:
    """Draw in how many buckets of the range users are active."""
    return {**selector(event), "interval": interval}
