"""``eventanalytics query dau`` and ``eventanalytics query top``."""

import click

from eventanalytics_adapters.cli.querying.asking import Members, asks_with_parameters


@click.command("dau")
@asks_with_parameters("dau")
def dau() -> Members:
    """Draw the distinct users of each day."""
    return {}


@click.command("top")
@click.option("--limit", type=int, default=10, show_default=True, help="How many event types.")
@asks_with_parameters("top")
def top(*, limit: int) -> Members:
    """Draw the most frequent event types."""
    return {"limit": limit}
