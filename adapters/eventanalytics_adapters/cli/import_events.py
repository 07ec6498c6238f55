"""``eventanalytics import``: events out of a CSV file."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
import httpx
from rich.console import Console

from eventanalytics.domain.projects import DEFAULT_SLUG
from eventanalytics.memory import SystemClock
from eventanalytics_adapters.cli.data_dir import data_dir_option
from eventanalytics_adapters.cli.importing.over_http import HttpRecorder
from eventanalytics_adapters.cli.importing.pipeline import Recorder, Tally, import_batches
from eventanalytics_adapters.cli.importing.progress import Screen
from eventanalytics_adapters.cli.importing.records import RecordReader
from eventanalytics_adapters.cli.importing.rejects import Rejects, rejected_path
from eventanalytics_adapters.cli.importing.rows import EventRows, HeaderError
from eventanalytics_adapters.cli.store import Entry, Store, pass_entry, report

STANDARD_INPUT = Path("-")
READ_AHEAD_BYTES = 2**20
TIMEOUT_SECONDS = 60.0
LAST_PORT = 65_535


@click.command("import")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--project", help=f"Where the events go.  [default: {DEFAULT_SLUG}, or the key's]")
@click.option(
    "--batch-size",
    type=click.IntRange(1, 50_000),
    default=1000,
    show_default=True,
    help="How many events are committed together.",
)
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where refused lines go.  [default: FILE.rejected.csv]",
)
@click.option(
    "--url", help="Send the events to the server at this address, such as http://host:8000."
)
@click.option(
    "--key",
    envvar="EVENTANALYTICS_KEY",
    help="A key for it with the scope ingest. Better given as EVENTANALYTICS_KEY.",
)
@data_dir_option
@pass_entry
def import_events(
    entry: Entry,
    *,
    file: Path,
    project: str | None,
    batch_size: int,
    rejected: Path | None,
    url: str | None,
    key: str | None,
    data_dir: Path,
) -> None:
    """Store the events of a CSV file; ``-`` is standard input.

    The first line names the columns, in any order: event_id, occurred_at, user_id, event_type and
    properties_json (a JSON object, or empty). UTF-8, with commas.

    Refused lines go to a file of their own, with the reason; mended there, it can be imported.
    Importing again stores nothing twice.

    Exit code: 0 if every line is stored, 1 if some were refused, 2 if the file cannot be read.
    """
    if url is not None:
        _check_remote(url, key)
    with ExitStack() as stack:
        source, total_bytes = _opened(file, stack)
        try:
            rows = EventRows(RecordReader(source), size=batch_size)
        except HeaderError as error:
            raise click.UsageError(f"{file}: {error}") from None
        tally = Tally()
        screen = Screen(Console(), tally, total_bytes)
        rejects = Rejects(_aside(file, rejected), rows.columns, screen.show)
        if url is not None and key is not None:
            recording = _remote(url, key, project)
        else:
            store = stack.enter_context(entry.store(data_dir))
            recording = _local(store, project or DEFAULT_SLUG)
        interrupted = False
        try:
            asyncio.run(_import(rows, recording, rejects, tally, screen))
        except KeyboardInterrupt:
            interrupted = True
        if rejects.count:
            screen.show(f"The refused lines are in {rejects.path}")
    if interrupted:
        screen.show("Stopped. Importing again stores the rest, and nothing twice.")
        sys.exit(130)
    if tally.refused:
        sys.exit(1)


def _check_remote(url: str, key: str | None) -> None:
    """Refuse an address or a key that no request could be made with."""
    if not re.match(r"https?://[^/\s]", url):
        raise click.UsageError("--url must be an address such as https://events.example.org")
    if not key:
        raise click.UsageError("--url needs --key, or EVENTANALYTICS_KEY in the environment")
    if not re.fullmatch(r"[!-~]+", key):
        raise click.UsageError("--key is not a key: it has other signs than those of one")
    try:
        port = httpx.URL(url).port or 0
    except httpx.InvalidURL as error:
        raise click.UsageError(f"--url is not an address: {error}") from None
    if port > LAST_PORT:
        raise click.UsageError(f"--url is not an address: there is no port {port}")


def _aside(file: Path, rejected: Path | None) -> Path:
    """Return where refused lines go: anywhere but over the file that they come from."""
    aside = rejected or _default_rejected(file)
    if file != STANDARD_INPUT and aside.exists() and aside.samefile(file):
        raise click.UsageError("--rejected must be another file than the one that is imported")
    return aside


async def _import(
    rows: EventRows,
    recording: AbstractAsyncContextManager[Recorder],
    rejects: Rejects,
    tally: Tally,
    screen: Screen,
) -> None:
    async with recording as record:
        screen.begin()
        try:
            with rejects, screen.progress() as on_batch:
                await import_batches(rows, record, rejects, tally, on_batch)
        finally:
            screen.show(screen.summary())


@asynccontextmanager
async def _local(store: Store, project: str) -> AsyncGenerator[Recorder]:
    async with store.open() as container:
        found = await container.find_project()(project)
        yield partial(container.record_events(), found.id)


@asynccontextmanager
async def _remote(url: str, key: str, project: str | None) -> AsyncGenerator[Recorder]:
    async with httpx.AsyncClient(
        base_url=url, headers={"X-API-Key": key}, timeout=TIMEOUT_SECONDS
    ) as client:
        yield HttpRecorder(client, SystemClock(), project=project, report=report)


def _opened(file: Path, stack: ExitStack) -> tuple[BinaryIO, int | None]:
    """Return the file, and how many bytes it has where that is known."""
    if file == STANDARD_INPUT:
        # Not sys.stdin, nor closed: both would wait for the thread that may be reading it.
        return open(0, "rb", READ_AHEAD_BYTES, closefd=False), None
    source = stack.enter_context(file.open("rb", buffering=READ_AHEAD_BYTES))
    size = os.fstat(source.fileno()).st_size  # 0 of a pipe
    return source, size or None


def _default_rejected(file: Path) -> Path:
    return Path("stdin.rejected.csv") if file == STANDARD_INPUT else rejected_path(file)
