"""Having a file's events recorded, batch by batch, and counting what became of them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from typing import Protocol

import msgspec

from eventanalytics.domain.events import Receipt, Refusal, Verdict
from eventanalytics.domain.reading import Reading
from eventanalytics_adapters.cli.importing.read_ahead import read_ahead
from eventanalytics_adapters.cli.importing.rejects import Rejects
from eventanalytics_adapters.cli.importing.rows import Batch

CONFLICT = "event_id: is stored already, with other content; what was stored first stays"


class Recorder(Protocol):
    """Records a batch, wherever that happens."""

    async def __call__(self, batch: Sequence[Reading], /) -> Receipt:
        """Return the receipt, one entry a reading, in order, once the events are committed.

        Raises:
            EventAnalyticsError: Nothing of the batch is known to be stored.
        """
        ...


class Tally(msgspec.Struct, kw_only=True):
    """What became of the rows so far."""

    read: int = 0
    created: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    done: int = 0
    """How far this is, as the batches say it."""

    @property
    def refused(self) -> int:
        """How many rows are in the file of rejected lines."""
        return self.conflicts + self.rejected


async def import_batches(
    batches: Iterable[Batch],
    record: Recorder,
    rejects: Rejects,
    tally: Tally,
    on_batch: Callable[[], None] = lambda: None,
) -> None:
    """Record every batch, one after the other, and count into *tally*.

    While one is being recorded the next is read. They are never recorded side by side, so that
    of two rows with one id the first in the file is the first stored. *on_batch* is called after
    each, when *tally* has counted it.
    """
    async with aclosing(read_ahead(batches)) as ahead:
        async for batch in ahead:
            receipt = await record([row.reading for row in batch.rows])
            _count(batch, receipt, rejects, tally)
            on_batch()


def _count(batch: Batch, receipt: Receipt, rejects: Rejects, tally: Tally) -> None:
    tally.read += len(batch.rows)
    tally.done = batch.done
    for row, entry in zip(batch.rows, receipt.entries, strict=True):
        if isinstance(entry, Refusal):
            tally.rejected += 1
            rejects.add(
                row, "; ".join(_sentence(fault.path, fault.message) for fault in entry.faults)
            )
        elif entry[1] is Verdict.CREATED:
            tally.created += 1
        elif entry[1] is Verdict.DUPLICATE:
            tally.duplicates += 1
        else:
            tally.conflicts += 1
            rejects.add(row, CONFLICT)


def _sentence(path: str, message: str) -> str:
    """Return a fault as it concerns one row: the place in the batch means nothing here."""
    if path.startswith("events["):
        _, _, path = path.partition("].")
    return f"{path}: {message}" if path else message
