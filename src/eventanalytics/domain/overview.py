"""The overview: how much a project holds, from when to when.

Source: docs/semantics.md, "Quick statistics".
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, all_match


class Overview(msgspec.Struct, frozen=True):
    """Counts of events, of distinct users and of event types; the times are None without events."""

    events: int
    users: int
    event_types: int
    first_event_at: datetime | None
    last_event_at: datetime | None


def summarise(where: tuple[Condition, ...], events: Iterable[Event]) -> Overview:
    """Summarise the *events* that fulfil every condition; they may come in any order."""
    found = [event for event in events if all_match(where, event)]
    times = [event.occurred_at for event in found]
    return Overview(
        events=len(found),
        users=len({event.user_id for event in found}),
        event_types=len({event.event_type for event in found}),
        first_event_at=min(times, default=None),
        last_event_at=max(times, default=None),
    )
