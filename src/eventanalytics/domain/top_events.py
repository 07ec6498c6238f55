"""Top event types: which happen most, and to how many users.

Source: docs/semantics.md, "Quick statistics".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, all_match
from eventanalytics.domain.time import Calendar, DateRange
from eventanalytics.errors import InvalidQueryError

MAX_LIMIT = 1000


class TopEventsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The days to count over, both ends included, and how many event types to name (1..1000)."""

    days: DateRange
    limit: int = 10
    calendar: Calendar = Calendar()
    where: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidQueryError.of("limit", "out_of_range", f"must be from 1 to {MAX_LIMIT}")


class EventTypeCount(msgspec.Struct, frozen=True):
    """How many events of one type there were, by how many distinct users."""

    event_type: str
    count: int
    unique_users: int


def rank_event_types(query: TopEventsQuery, events: Iterable[Event]) -> tuple[EventTypeCount, ...]:
    """Return the most frequent event types: most events first, ties by name (by code points).

    At most `query.limit` entries, each with at least one event. *events* may come in any order.
    """
    within = query.calendar.range_of(query.days)
    counts: Counter[str] = Counter()
    users: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.occurred_at in within and all_match(query.where, event):
            counts[event.event_type] += 1
            users[event.event_type].add(event.user_id)
    ranked = sorted(counts, key=lambda event_type: (-counts[event_type], event_type))
    return tuple(
        EventTypeCount(event_type, counts[event_type], len(users[event_type]))
        for event_type in ranked[: query.limit]
    )
