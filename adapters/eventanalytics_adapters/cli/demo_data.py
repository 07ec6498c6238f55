"""``eventanalytics demo-data``: a believable world of events, made up."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path

import click
import msgspec
from rich.console import Console

from eventanalytics.domain.events import Submission
from eventanalytics.domain.projects import DEFAULT_SLUG
from eventanalytics_adapters.cli.data_dir import data_dir_option
from eventanalytics_adapters.cli.importing.pipeline import Tally, import_batches
from eventanalytics_adapters.cli.importing.progress import Screen
from eventanalytics_adapters.cli.importing.rejects import Rejects
from eventanalytics_adapters.cli.importing.rows import COLUMNS, Batch, Row
from eventanalytics_adapters.cli.store import Entry, Store, pass_entry
from eventanalytics_adapters.demo import (
    DEFAULT_DAYS,
    DEFAULT_LAST_DAY,
    FORMATS,
    MAX_DAYS,
    Delivery,
    World,
    deliveries,
    lines,
)

BATCH_SIZE = 5_000
REJECTED = Path("demo-data.rejected.csv")


@click.command("demo-data")
@click.option(
    "--events",
    type=click.IntRange(1, 1_000_000_000),
    default=1_000_000,
    show_default=True,
    help="How many distinct events there are.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Which world it is.")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), default=DEFAULT_DAYS, show_default=True)
@click.option(
    "--end",
    type=click.DateTime(["%Y-%m-%d"]),
    help=f"The last day (UTC).  [default: {DEFAULT_LAST_DAY}, whatever day it is]",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a file, .csv or .ndjson by its name, and store nothing.",
)
@click.option("--project", help=f"Where the events go.  [default: {DEFAULT_SLUG}]")
@data_dir_option
@pass_entry
def demo_data(
    entry: Entry,
    *,
    events: int,
    seed: int,
    days: int,
    end: datetime | None,
    output: Path | None,
    project: str | None,
    data_dir: Path,
) -> None:
    """Store the events of a made-up product, or write them to a file.

    People sign up, come back ever less often, look at items and sometimes buy one. Some events
    are delivered late and some twice; what is delivered again is stored once.

    The same options give the same events, to the byte: storing them again stores nothing.
    """
    try:
        last_day = DEFAULT_LAST_DAY if end is None else end.date()
        world = World(events=events, seed=seed, days=days, last_day=last_day)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(str(error)) from None
    tally = Tally()
    screen = Screen(Console(), tally, events)
    interrupted = False
    try:
        if output is not None:
            if project is not None:
                raise click.UsageError("--project has no meaning with --output")
            _write(world, output, tally, screen)
        else:
            with entry.store(data_dir) as store:
                asyncio.run(_store(world, store, project or DEFAULT_SLUG, tally, screen))
    except KeyboardInterrupt:
        interrupted = True
    if interrupted:
        screen.show("Stopped. The same command again does the rest.")
        sys.exit(130)
    if tally.refused:
        screen.show(f"The refused events are in {REJECTED}")
        sys.exit(1)


def _write(world: World, path: Path, tally: Tally, screen: Screen) -> None:
    """Write the file, whole or not at all."""
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise click.UsageError(f"--output must end in {' or '.join(FORMATS)}")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file, screen.progress() as on_batch:
            file.write(form.header.encode())
            for arrived in deliveries(world):
                file.write(lines(form, arrived))
                tally.read += len(arrived)
                tally.done += _distinct(arrived)
                on_batch()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    screen.show(
        f"wrote {tally.read:,} lines, {tally.done:,} distinct events, to {path}, "
        f"{screen.seconds:.1f} s, {screen.events_per_second:,.0f} events/s"
    )


async def _store(world: World, store: Store, project: str, tally: Tally, screen: Screen) -> None:
    async with store.open() as container:
        if container.clock().now().date() <= world.last_day:
            raise click.UsageError(f"--end: {world.last_day} is not over (in UTC)")
        found = await container.find_project()(project)
        record = partial(container.record_events(), found.id)
        screen.begin()
        try:
            with Rejects(REJECTED, COLUMNS, screen.show) as rejects, screen.progress() as on_batch:
                await import_batches(_batches(deliveries(world)), record, rejects, tally, on_batch)
        finally:
            screen.show(screen.summary())


def _batches(arrivals: Iterable[list[Delivery]]) -> Iterator[Batch]:
    """Yield the deliveries as rows of a file, which says in events how far it is."""
    arriving = chain.from_iterable(arrivals)
    line = done = 0
    while some := list(islice(arriving, BATCH_SIZE)):
        done += _distinct(some)
        yield Batch([_row(line + n, delivery) for n, delivery in enumerate(some, 1)], done)
        line += len(some)


def _row(line: int, delivery: Delivery) -> Row:
    values = delivery[1:6]
    event_id, occurred_at, user_id, event_type, properties = values
    given = {
        "event_id": event_id,
        "occurred_at": occurred_at,
        "user_id": user_id,
        "event_type": event_type,
        "properties": msgspec.json.decode(properties),
    }
    return Row(line, values, msgspec.convert(given, Submission))


def _distinct(arrived: Iterable[Delivery]) -> int:
    return sum(not delivery[-1] for delivery in arrived)
