"""``eventanalytics query trends``."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import click

from eventanalytics.domain.trends_query import Measure
from eventanalytics_adapters.cli.querying.asking import Members, asks_with_body
from eventanalytics_adapters.cli.querying.commands.breakdowns import breakdown_options, broken_down
from eventanalytics_adapters.cli.querying.options import interval_option, selector


@click.command("trends")
@click.option(
    "--event",
    "events",
    multiple=True,
    help="An event type, * for any; each one given is a series: A, B, C, …  [default: *]",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    type=click.Choice([measure.value for measure in Measure]),
    help="What is measured: given once of all series, or once for each.  [default: events]",
)
@click.option(
    "--property",
    "properties",
    multiple=True,
    help="Whose numbers are measured: given once of all series, or once for each.",
)
@interval_option()
@click.option("--formula", help="Computed of the series, such as 'A / B * 100'.")
@breakdown_options
@click.option("--compare", is_flag=True, help="Answer for the range just before, too.")
@asks_with_body("trends")
def trends(
    *,
    events: Sequence[str],
    measures: Sequence[str],
    properties: Sequence[str],
    interval: str,
    formula: str | None,
    breakdown: str | None,
    limit: int | None,
    compare: bool,
) -> Members:
    """Draw what happens, bucket by bucket.

    The first --measure belongs to the first --event, and so on. Conditions of a single series take
    a --file.
    """
    count = max(len(events), len(measures), len(properties), 1)
    columns = (
        _one_each("--event", events or ("*",), count),
        _one_each("--measure", measures or (Measure.EVENTS.value,), count),
        _one_each("--property", properties, count),
    )
    series: list[dict[str, Any]] = [
        {**selector(event), "measure": measure, "property": name}
        for event, measure, name in zip_longest(*columns)
    ]
    return {
        "series": series,
        "interval": interval,
        "formula": formula,
        "breakdown": broken_down(breakdown, limit),
        "compare": compare,
    }


def _one_each(option: str, values: Sequence[str], count: int) -> Sequence[str]:
    """Return as many values as there are series.

    Raises:
        click.UsageError: There are neither so many, nor one, nor none.
    """
    if len(values) == 1:
        return [values[0]] * count
    if len(values) in {0, count}:
        return values
    message = f"{option} is given {len(values)} times for {count} series: give it once, or for each"
    raise click.UsageError(message)
