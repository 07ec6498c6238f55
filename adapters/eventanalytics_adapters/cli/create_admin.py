"""``eventanalytics create-admin``: an account that administers."""

import asyncio
from pathlib import Path

import click

from eventanalytics.domain.access import Account, Role
from eventanalytics_adapters.cli.data_dir import data_dir_option
from eventanalytics_adapters.cli.store import Entry, Store, pass_entry


@click.command()
@click.option("--username", required=True, help="The name to sign in with.")
@click.option("--email", required=True, help="The person's e-mail address.")
@click.option(
    "--password",
    envvar="ADMIN_PASSWORD",
    prompt=True,
    confirmation_prompt=True,
    hide_input=True,
    help="At least 10 characters. Better left out: it is asked for, or taken from ADMIN_PASSWORD.",
)
@data_dir_option
@pass_entry
def create_admin(entry: Entry, username: str, email: str, password: str, data_dir: Path) -> None:
    """Make an account with the role admin."""
    with entry.store(data_dir) as store:
        account = asyncio.run(_create(store, username, email, password))
    click.echo(f"Made the account {account.username} with the role {account.role.value}.")


async def _create(store: Store, username: str, email: str, password: str) -> Account:
    async with store.open() as container:
        return await container.create_account()(
            username=username, email=email, password=password, role=Role.ADMIN
        )
