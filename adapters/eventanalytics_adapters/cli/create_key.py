"""``eventanalytics create-key``: a key for a program."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from eventanalytics.domain.access import ApiKey, Scope
from eventanalytics.domain.projects import DEFAULT_SLUG
from eventanalytics.errors import InvalidInputError
from eventanalytics_adapters.cli.data_dir import data_dir_option
from eventanalytics_adapters.cli.store import Entry, Store, pass_entry


@click.command()
@click.option("--name", required=True, help="What the key is for, to tell it from others.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    default=[Scope.INGEST.value],
    show_default=True,
    help="What it opens; may be given more than once.",
)
@click.option("--project", default=DEFAULT_SLUG, show_default=True, help="The project it opens.")
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="The day or time, in UTC, from which it opens nothing; never, if left out.",
)
@data_dir_option
@pass_entry
def create_key(
    entry: Entry,
    *,
    name: str,
    scopes: Sequence[str],
    project: str,
    expires: datetime | None,
    data_dir: Path,
) -> None:
    """Make a key and print it. Nothing can show it again."""
    expires_at = expires and expires.replace(tzinfo=UTC)
    with entry.store(data_dir) as store:
        kept, key = asyncio.run(
            _create(store, name, [Scope(scope) for scope in scopes], project, expires_at)
        )
    granted = " and ".join(sorted(scope.value for scope in kept.scopes))
    until = f", until {kept.expires_at:%Y-%m-%d %H:%M} UTC" if kept.expires_at else ""
    click.echo(
        f"{kept.name}: {granted} in the project {project}{until}. Shown this once:", err=True
    )
    click.echo(key)


async def _create(
    store: Store, name: str, scopes: Sequence[Scope], project: str, expires_at: datetime | None
) -> tuple[ApiKey, str]:
    async with store.open() as container:
        if expires_at is not None and expires_at <= container.clock().now():
            raise InvalidInputError.of("expires", "in_past", "is in the past")
        found = await container.find_project()(project)
        return await container.create_key()(
            found.id, name=name, scopes=scopes, expires_at=expires_at
        )
