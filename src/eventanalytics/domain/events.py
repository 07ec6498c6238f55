"""Events: what a client submits, what is kept, and the verdict on each.

Source: docs/semantics.md, "Events".
"""

from datetime import UTC, datetime
from enum import Enum
from typing import Any, NewType
from uuid import UUID

import msgspec

from eventanalytics.domain.json_values import (
    Properties,
    canonical_properties,
    json_equal,
    properties_faults,
    text_faults,
)
from eventanalytics.errors import Fault, InvalidEventError

ProjectId = NewType("ProjectId", int)
"""The small integer that storage knows a project by; outside it is a slug."""

MAX_TEXT_LENGTH = 200
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_YEAR = 9998  # one year of room for time zones and calendars


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it is kept. Both times are aware and in UTC, to the microsecond."""

    event_id: UUID
    user_id: str
    event_type: str
    occurred_at: datetime
    received_at: datetime
    properties: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is not UTC or self.received_at.tzinfo is not UTC:
            raise InvalidEventError([Fault("occurred_at", "not_utc", "both times must be in UTC")])

    @property
    def order(self) -> tuple[datetime, datetime, UUID]:
        """The place of this event among its user's: a total order."""
        return (self.occurred_at, self.received_at, self.event_id)

    def has_content_of(self, other: "Event") -> bool:
        """Tell whether both say the same; `event_id` and `received_at` are no content."""
        return (
            self.user_id == other.user_id
            and self.event_type == other.event_type
            and self.occurred_at == other.occurred_at
            and json_equal(self.properties, other.properties)
        )


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event as a client submits it, every limit checked.

    `user_id` may be an integer, which is its decimal text; `occurred_at` without an offset is UTC.

    Raises:
        InvalidEventError: A field breaks a limit; the faults name the fields.
    """

    event_id: UUID
    user_id: str | int
    event_type: str
    occurred_at: datetime
    properties: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        faults = text_faults(str(self.user_id), "user_id", longest=MAX_TEXT_LENGTH)
        faults += text_faults(self.event_type, "event_type", longest=MAX_TEXT_LENGTH)
        if not EARLIEST.year < self.occurred_at.year <= _LATEST_YEAR:
            faults += _distant_time_faults(self.occurred_at)
        faults += properties_faults(self.properties)
        if faults:
            raise InvalidEventError(faults)

    def received(self, at: datetime) -> Event:
        """Return the event to keep, received *at* (aware, UTC)."""
        return Event(
            event_id=self.event_id,
            user_id=str(self.user_id),
            event_type=self.event_type,
            occurred_at=as_utc(self.occurred_at),
            received_at=at,
            properties=canonical_properties(self.properties),
        )


class Refusal(msgspec.Struct, frozen=True):
    """An event that cannot be kept, with every fault; its id where that much was readable."""

    faults: tuple[Fault, ...]
    event_id: UUID | None = None


class Verdict(Enum):
    """What the store did with one event."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    """The same id with the same content was there: nothing is changed."""
    CONFLICT = "conflict"
    """The same id with other content was there: what was stored first stays."""


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a batch: one entry an event, in the order of the batch."""

    entries: tuple[tuple[UUID, Verdict] | Refusal, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many events got *verdict*."""
        return sum(not isinstance(entry, Refusal) and entry[1] is verdict for entry in self.entries)

    @property
    def rejected(self) -> int:
        """How many events were refused."""
        return sum(isinstance(entry, Refusal) for entry in self.entries)


def _distant_time_faults(occurred_at: datetime) -> list[Fault]:
    if occurred_at.year > _LATEST_YEAR:
        return [Fault("occurred_at", "in_future", "is in the future")]
    if occurred_at.year < EARLIEST.year - 1 or as_utc(occurred_at) < EARLIEST:
        return [Fault("occurred_at", "too_early", "is before 1970")]
    return []


def as_utc(instant: datetime) -> datetime:
    """Return *instant* in UTC; without an offset it is UTC already."""
    if instant.tzinfo is UTC:
        return instant
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


__all__ = [
    "Event",
    "ProjectId",
    "Properties",
    "Receipt",
    "Refusal",
    "Submission",
    "Verdict",
    "as_utc",
]
