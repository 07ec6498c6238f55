"""``eventanalytics query funnel``."""

from collections.abc import Sequence

import click

from eventanalytics.domain.funnel_query import Attribution, FunnelOrder
from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.commands.breakdowns import breakdown_options, broken_down
from eventanalytics_adapters.cli.querying.durations import as_seconds
from eventanalytics_adapters.cli.querying.options import selector


@click.command("funnel")
@click.option(
    "--step", "steps", multiple=True, metavar="EVENT", help="A step, 2 to 20 of them; * for any."
)
@click.option(
    "--order",
    type=click.Choice([order.value for order in FunnelOrder]),
    default=FunnelOrder.ORDERED.value,
    show_default=True,
    help="Whether other events may come between the steps, and whether their order matters.",
)
@click.option(
    "--window",
    metavar="DURATION",
    callback=as_seconds,
    default="7d",
    show_default=True,
    help="How long an attempt may take: 30m, 1h30m, 7d.",
)
@breakdown_options
@click.option(
    "--attribution",
    type=click.Choice([attribution.value for attribution in Attribution]),
    help="Which event of an attempt has the value of the breakdown.  [default: entry]",
)
@click.option("--attribution-step", type=int, help="The step of --attribution step.")
@asks_with_body("funnel")
def funnel(
    *,
    steps: Sequence[str],
    order: str,
    window: int,
    breakdown: str | None,
    limit: int | None,
    attribution: str | None,
    attribution_step: int | None,
) -> Members:
    """Draw how many users take one step after another, and how long it takes them.

    Conditions of single steps, and exclusions, take a --file.
    """
    given = {"attribution": attribution, "step": attribution_step}
    others = {name: value for name, value in given.items() if value is not None}
    if others and breakdown is None:
        raise click.UsageError("--attribution has a meaning only with --breakdown")
    return {
        "steps": [selector(step) for step in steps],
        "order": order,
        "window_seconds": window,
        "breakdown": broken_down(breakdown, limit, **others),
    }
