"""The options of a breakdown."""

from typing import Any

import click

from eventanalytics_adapters.cli.querying.options import all_of

breakdown_options = all_of(
    click.option("--breakdown", metavar="PROPERTY", help="Answer for each value of this property."),
    click.option(
        "--limit", type=int, help="How many groups of the breakdown are told apart.  [default: 25]"
    ),
)


def broken_down(name: str | None, limit: int | None, **others: object) -> dict[str, Any] | None:
    """Return the member ``breakdown`` of a body.

    Raises:
        click.UsageError: There is a limit, and no breakdown.
    """
    if name is None:
        if limit is not None:
            raise click.UsageError("--limit has a meaning only with --breakdown")
        return None
    return {"property": name, **({} if limit is None else {"limit": limit}), **others}
