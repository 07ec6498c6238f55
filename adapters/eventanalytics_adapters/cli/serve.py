"""``eventanalytics serve``: the whole product in one command."""

import asyncio
import logging
import secrets
import socket
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4  # noqa: TID251 - of an example, not of anything kept

import click
import msgspec
from psycopg.conninfo import conninfo_to_dict

from eventanalytics.usecases.prepare_first_use import FirstUse
from eventanalytics_adapters.cli.data_dir import (
    data_dir_option,
    default_data_dir,
    refuse_if_served,
    serving,
    token_secret,
)
from eventanalytics_adapters.cli.keeping import kept_running
from eventanalytics_adapters.cli.listening import CannotListenError, address_of, bind
from eventanalytics_adapters.cli.store import (
    Entry,
    PostgresStore,
    bring_up_to_date,
    found_database,
    is_embedded,
    pass_entry,
)
from eventanalytics_adapters.cli.version import version
from eventanalytics_adapters.cli.welcome import Welcome, option
from eventanalytics_adapters.logs import configure_logging
from eventanalytics_adapters.settings import Settings, check_secret

_log = logging.getLogger("eventanalytics.cli")

# Without the signs that are taken for one another.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 for all interfaces.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 for any that is free.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many processes serve; about one a CPU core.",
)
@click.option(
    "--no-migrate", is_flag=True, help="Refuse a database that lacks migrations, not apply them."
)
@data_dir_option
@pass_entry
def serve(
    entry: Entry, *, host: str, port: int, workers: int, data_dir: Path, no_migrate: bool
) -> None:
    """Serve the HTTP API.

    Without any settings a Postgres of its own is started in the data folder, with a first
    administrator and a first key, which are printed once. With DATABASE_URL or POSTGRES_HOST that
    server is used. Logs go to standard error, one JSON object a line.
    """
    settings = entry.settings
    if not is_embedded(settings):
        check_secret(settings.jwt_secret_key)
    configure_logging(settings)
    with ExitStack() as stack:
        try:
            listening = stack.enter_context(_bound(settings, host, port, data_dir))
            address = address_of(listening, host)
            found = stack.enter_context(found_database(settings, data_dir, _log.info))
            if is_embedded(settings):
                stack.enter_context(serving(data_dir, address=address))
                stack.enter_context(kept_running(data_dir, _log.warning))
                found = _with_own_secret(found, data_dir)
            for name in bring_up_to_date(found, allowed=not no_migrate):
                _log.info("migration applied", extra={"migration": name})
            welcome = asyncio.run(_prepared(settings, found, address, data_dir))
            from eventanalytics_adapters.cli import running  # noqa: PLC0415 - half a second

            # From here on a client that comes early waits instead of being turned away.
            listening.listen()
            click.echo("\n".join(welcome.lines()))
            running.run(found, workers, listening)
        except KeyboardInterrupt:  # before the server took the signals over
            _log.info("stopped while starting")


def _bound(settings: Settings, host: str, port: int, data_dir: Path) -> socket.socket:
    try:
        return bind(host, port)
    except CannotListenError:
        if is_embedded(settings):
            refuse_if_served(data_dir)  # that says more
        raise


def _with_own_secret(settings: Settings, data_dir: Path) -> Settings:
    secret = check_secret(settings.jwt_secret_key or token_secret(data_dir))
    return msgspec.structs.replace(settings, jwt_secret_key=secret)


async def _prepared(settings: Settings, found: Settings, address: str, data_dir: Path) -> Welcome:
    """Make what the first use needs, and return what there is to say about it.

    An account with a generated password is only made where the person who starts it is the one
    who reads it: a server with a database of its own may write to a log that others read.
    """
    generated = None
    if is_embedded(settings) and settings.admin_password is None:
        generated = "-".join(_random_word(5) for _ in range(4))
    async with PostgresStore(found).open() as container:
        first_use: FirstUse = await container.prepare_first_use()(
            username=settings.admin_username,
            email=settings.admin_email,
            password=settings.admin_password or generated,
        )
        now = container.clock().now()
    is_default = data_dir == default_data_dir() or not is_embedded(settings)
    return Welcome(
        version=version(),
        address=address,
        database=str(data_dir) if is_embedded(settings) else _shown(settings),
        first_use=first_use,
        generated_password=generated,
        options="" if is_default else option("--data-dir", str(data_dir)),
        event_id=uuid4(),
        now=now,
    )


def _random_word(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _shown(settings: Settings) -> str:
    """Return where the database is, without the password."""
    parts = conninfo_to_dict(settings.conninfo or "")
    return f"{parts.get('dbname', '')} on {parts.get('host', 'localhost')} (Postgres)"
