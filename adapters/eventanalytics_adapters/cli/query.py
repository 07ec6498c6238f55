"""``eventanalytics query``: questions about the events, and their answers as pictures."""

import click

from eventanalytics_adapters.cli.querying.commands.funnel import funnel
from eventanalytics_adapters.cli.querying.commands.lifecycle import lifecycle
from eventanalytics_adapters.cli.querying.commands.paths import paths
from eventanalytics_adapters.cli.querying.commands.retention import retention
from eventanalytics_adapters.cli.querying.commands.sessions import sessions
from eventanalytics_adapters.cli.querying.commands.statistics import dau, top
from eventanalytics_adapters.cli.querying.commands.stickiness import stickiness
from eventanalytics_adapters.cli.querying.commands.trends import trends


class InOrder(click.Group):
    """Lists the commands in the order in which a person needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """Return the names of the commands."""
        return list(self.commands)


@click.group(cls=InOrder)
def query() -> None:
    """Ask about the events, of the database or of a running server.

    The answers are drawn; --json and --csv are for programs. What every number means is written
    down in docs/semantics.md.
    """


for command in (dau, top, trends, funnel, retention, lifecycle, stickiness, sessions, paths):
    query.add_command(command)
