"""Batches are recorded in the file's order, and everything that becomes of a row is counted."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from eventanalytics import ProjectId, RecordEvents
from eventanalytics.domain.events import Receipt, Refusal, Submission
from eventanalytics.domain.reading import Reading
from eventanalytics.errors import Fault, StoreUnavailableError
from eventanalytics.memory import FixedClock, InMemoryEventStore
from eventanalytics_adapters.cli.importing.pipeline import CONFLICT, Tally, import_batches
from eventanalytics_adapters.cli.importing.read_ahead import read_ahead
from eventanalytics_adapters.cli.importing.rejects import Rejects
from eventanalytics_adapters.cli.importing.rows import Batch, Row

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def event(number: int, user_id: str = "u", *, year: int = 2025) -> Submission:
    return Submission(
        event_id=UUID(int=number),
        user_id=user_id,
        event_type="view",
        occurred_at=datetime(year, 1, 1, tzinfo=UTC),
    )


def batch(first_line: int, *readings: Reading) -> Batch:
    rows = [Row(first_line + i, ["x"], reading) for i, reading in enumerate(readings)]
    return Batch(rows, first_line * 100)


class Recording:
    def __init__(self) -> None:
        self.store, self.running, self.most_running = InMemoryEventStore(), 0, 0
        self._record = RecordEvents(self.store, FixedClock(NOW))

    async def __call__(self, readings: Sequence[Reading], /) -> Receipt:
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        await asyncio.sleep(0.001)
        receipt = await self._record(ProjectId(1), readings)
        self.running -= 1
        return receipt


async def run(tmp_path: Path, *batches: Batch) -> tuple[Tally, list[str], Recording]:
    tally, shown, recording = Tally(), list[str](), Recording()
    with Rejects(tmp_path / "r.csv", ["a"], shown.append) as rejects:
        await import_batches(batches, recording, rejects, tally)
    return tally, shown, recording


async def test_every_row_is_counted_once(tmp_path: Path) -> None:
    refused = Refusal((Fault("user_id", "empty_text", "must not be empty"),))
    tally, shown, recording = await run(
        tmp_path,
        batch(2, event(1), event(2), refused),
        batch(5, event(1), event(2, "other"), event(3, year=2027)),
    )
    assert tally == Tally(read=6, created=2, duplicates=1, conflicts=1, rejected=2, done=500)
    assert tally.refused == 3
    assert shown == [
        "line 4: user_id: must not be empty",
        f"line 6: {CONFLICT}",
        "line 7: occurred_at: is in the future",
    ]
    assert len(list(recording.store.all(ProjectId(1)))) == 2


async def test_of_two_rows_with_one_id_the_first_in_the_file_is_stored(tmp_path: Path) -> None:
    batches = [batch(line, event(1, f"user {line}")) for line in range(2, 20)]
    tally, _, recording = await run(tmp_path, *batches)
    assert (tally.created, tally.conflicts) == (1, 17)
    [stored] = recording.store.all(ProjectId(1))
    assert stored.user_id == "user 2"
    assert recording.most_running == 1


async def test_when_the_store_fails_the_import_ends_and_counts_what_is_stored(
    tmp_path: Path,
) -> None:
    tally, recording = Tally(), Recording()

    async def fails_later(readings: Sequence[Reading], /) -> Receipt:
        if tally.read:
            raise StoreUnavailableError
        return await recording(readings)

    with (
        Rejects(tmp_path / "r.csv", ["a"], print) as rejects,
        pytest.raises(StoreUnavailableError),
    ):
        await import_batches([batch(2, event(1)), batch(3, event(2))], fails_later, rejects, tally)
    assert (tally.read, tally.created) == (1, 1)


async def test_the_next_item_is_read_meanwhile_and_no_other() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for item in range(5):
            read.append(item)
            yield item

    taken: list[int] = []
    async for item in read_ahead(items()):
        await asyncio.sleep(0.01)
        taken.append(item)
        assert read == list(range(min(item + 2, 5)))
    assert taken == [0, 1, 2, 3, 4]


async def test_an_error_while_reading_comes_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk")

    taken: list[int] = []

    async def take() -> None:
        async for item in read_ahead(items()):
            taken.append(item)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(OSError, match="the disk"):
        await take()
    assert taken == [1]


async def test_a_reading_that_never_ends_is_not_waited_for() -> None:
    blocked, goes_on = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        yield 1
        blocked.set()
        goes_on.wait(30)
        yield 2

    async with asyncio.timeout(5), aclosing(read_ahead(items())) as ahead:
        async for item in ahead:
            assert item == 1
            await asyncio.to_thread(blocked.wait, 5)
            break
    goes_on.set()
