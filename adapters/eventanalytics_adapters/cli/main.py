"""The command ``eventanalytics``."""

import os
import signal
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
import dotenv

from eventanalytics.errors import EventAnalyticsError
from eventanalytics_adapters.cli.version import version

_PACKAGE = "eventanalytics_adapters.cli"
_TRUE = frozenset({"1", "true", "yes", "on"})


# In the order in which a person needs them.
COMMANDS = {
    "serve": "serve.serve",
    "import": "import_events.import_events",
    "demo-data": "demo_data.demo_data",
    "query": "query.query",
    "create-key": "create_key.create_key",
    "create-admin": "create_admin.create_admin",
    "migrate": "migrate.migrate",
}


class Commands(click.Group):
    """Loads a command when it is asked for, for some bring half a second of imports with them.

    Says what is wrong in a sentence; where it comes from in the code, only with DEBUG.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command with this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"{_PACKAGE}.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run the command; see `click.Group`."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (EventAnalyticsError, OSError) as error:
            if _debug():
                raise
            raise click.ClickException(str(error)) from None
        except Exception as error:
            if _debug():
                raise
            message = f"unexpected {type(error).__name__}: {error} (DEBUG=true shows where)"
            raise click.ClickException(message) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version(), prog_name="eventanalytics")
def cli() -> None:
    """Collect events, each exactly once, and answer product questions about them.

    Settings come from the environment, or from a file .env in the current folder.
    """


def main() -> NoReturn:
    """Run the command line; the entry point of the script."""
    if Path(".env").is_file():
        # A dollar sign in a password is a dollar sign.
        dotenv.load_dotenv(Path(".env"), override=False, interpolate=False)
    # Asked to stop, a command cleans up in the same way as after Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    cli(prog_name="eventanalytics")
    raise SystemExit  # unreachable: click ends the process itself


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _debug() -> bool:
    return os.environ.get("DEBUG", "").strip().lower() in _TRUE  # noqa: TID251 - settings may be what is wrong
