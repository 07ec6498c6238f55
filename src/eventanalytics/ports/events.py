"""The port behind which events are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from eventanalytics.domain.events import Event, ProjectId, Verdict
from eventanalytics.domain.filters import EventFilter

Position: TypeAlias = tuple[datetime, datetime, UUID]
"""`Event.order` of the last event of a page: the next page begins after it."""


class EventStore(Protocol):
    """Keeps the events of each project, each exactly once.

    Every method may raise `StoreUnavailableError`; then nothing was stored, and the call may be
    repeated. A project that does not exist holds no events.
    """

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        """Store *events* whole or not at all; return one verdict an event, in order.

        Of several events with one id the first in the batch is the first. When this returns, what
        is created is committed: it survives the death of the store.
        """
        ...

    async def get(self, project: ProjectId, event_id: UUID) -> Event | None:
        """Return the event with this id."""
        ...

    async def list(
        self,
        project: ProjectId,
        wanted: EventFilter,
        *,
        limit: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> Sequence[Event]:
        """Return at most *limit* wanted events, the latest by `Event.order` first.

        *offset* events are left out at the beginning; with *after*, only events that come before
        that position in the order of time (so, after it in the list) are returned.
        """
        ...
