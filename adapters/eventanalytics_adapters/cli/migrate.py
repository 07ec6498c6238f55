"""``eventanalytics migrate``: bring the database up to this version."""

from pathlib import Path

import click

from eventanalytics_adapters.cli.data_dir import data_dir_option
from eventanalytics_adapters.cli.store import (
    Entry,
    bring_up_to_date,
    found_database,
    pass_entry,
    report,
)


@click.command()
@data_dir_option
@pass_entry
def migrate(entry: Entry, data_dir: Path) -> None:
    """Bring the database up to this version; one that is stays as it is."""
    with found_database(entry.settings, data_dir, report) as settings:
        applied = bring_up_to_date(settings, allowed=True)
    click.echo("\n".join([*(f"applied {name}" for name in applied), "The database is up to date."]))
