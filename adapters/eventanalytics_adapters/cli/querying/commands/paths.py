"""``eventanalytics query paths``."""

import click

from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.commands.sessions import gap_option
from eventanalytics_adapters.cli.querying.options import selector


@click.command("paths")
@click.option("--start", metavar="EVENT", help="Paths begin at the first such event of a session.")
@click.option("--end", metavar="EVENT", help="Paths end at the first such event.")
@click.option("--max-steps", type=int, default=5, show_default=True, help="How many are kept.")
@click.option(
    "--by",
    metavar="PROPERTY",
    default="$event_type",
    show_default=True,
    help="Whose values are the steps.",
)
@click.option(
    "--limit",
    type=int,
    default=10,
    show_default=True,
    help="How many ways onward, and how many ends, of each step are told apart.",
)
@click.option("--collapse-repeats", is_flag=True, help="Equal steps in a row are one.")
@gap_option
@asks_with_body("paths")
def paths(
    *,
    start: str | None,
    end: str | None,
    max_steps: int,
    by: str,
    limit: int,
    collapse_repeats: bool,
    gap: int,
) -> Members:
    """Draw what users do one after another within a session."""
    return {
        "start": None if start is None else selector(start),
        "end": None if end is None else selector(end),
        "max_steps": max_steps,
        "by": by,
        "limit": limit,
        "collapse_repeats": collapse_repeats,
        "gap_seconds": gap,
    }
