"""Record a batch of events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from eventanalytics.domain.events import (
    Event,
    ProjectId,
    Receipt,
    Refusal,
    Submission,
    Verdict,
    as_utc,
)
from eventanalytics.domain.reading import Reading
from eventanalytics.errors import Fault
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.events import EventStore

MAX_SKEW = timedelta(hours=1)


class RecordEvents:
    """Keep a batch of events: a faulty one is refused by name, the rest are stored.

    An event further ahead of the clock than *max_skew* is refused.
    """

    def __init__(self, store: EventStore, clock: Clock, *, max_skew: timedelta = MAX_SKEW) -> None:
        self._store, self._clock, self._max_skew = store, clock, max_skew

    async def __call__(self, project: ProjectId, batch: Sequence[Reading]) -> Receipt:
        """Return the receipt, one entry an event, in order, once everything is committed.

        The i-th event is received i microseconds after the first, so that events with one
        `occurred_at` stay in the order of the batch.

        Raises:
            StoreUnavailableError: Nothing of the batch was stored; it may be sent again.
        """
        now = self._clock.now()
        checked = [self._checked(reading, i, now) for i, reading in enumerate(batch)]
        events = [item for item in checked if isinstance(item, Event)]
        verdicts = iter(await self._store.append(project, events) if events else ())
        entries: list[tuple[UUID, Verdict] | Refusal] = [
            item if isinstance(item, Refusal) else (item.event_id, next(verdicts))
            for item in checked
        ]
        return Receipt(tuple(entries))

    def _checked(self, reading: Reading, index: int, now: datetime) -> Event | Refusal:
        if isinstance(reading, Submission):
            if as_utc(reading.occurred_at) <= now + self._max_skew:
                return reading.received(now + timedelta(microseconds=index))
            fault = Fault(f"events[{index}].occurred_at", "in_future", "is in the future")
            return Refusal((fault,), reading.event_id)
        return reading
