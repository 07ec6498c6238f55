"""``eventanalytics query lifecycle``."""

import click

from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.options import interval_option, selector


@click.command("lifecycle")
@click.option("--event", help="What makes a user active.  [default: any event]")
@interval_option()
@asks_with_body("lifecycle")
def lifecycle(*, event: str | None, interval: str) -> Members:
    """Draw who is new, who returns, who comes back, and who stays away."""
    return {**selector(event), "interval": interval}
