"""What a question is asked of: a range of time, and the events that count.

Source: docs/semantics.md, "Ranges, time zones, buckets" and "Filters".
"""

from datetime import datetime
from typing import TypeAlias

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, all_match
from eventanalytics.domain.time import Bucket, Calendar, DateRange, TimeRange

QueryRange: TypeAlias = DateRange | TimeRange
"""Whole local days, both ends included; or instants, as they are."""


class EventSelector(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event type (None means any) with conditions, all of which must hold."""

    event: str | None = None
    where: tuple[Condition, ...] = ()

    def matches(self, event: Event) -> bool:
        """Tell whether *event* is one of those meant."""
        return (self.event is None or event.event_type == self.event) and all_match(
            self.where, event
        )


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What every question has: the range, the calendar that cuts it, and conditions on all events.

    An event that does not fulfil `where` does not exist for the question: it starts nothing,
    returns nothing, and stands between no two steps.
    """

    range: QueryRange
    calendar: Calendar = Calendar()
    where: tuple[Condition, ...] = ()

    def within(self) -> TimeRange:
        """Return the range as instants."""
        if isinstance(self.range, DateRange):
            return self.calendar.range_of(self.range)
        return self.range


class BucketOut(msgspec.Struct, frozen=True):
    """A bucket as an answer lists it.

    It is complete when the range holds all of it and it is over.
    """

    start: datetime
    complete: bool

    @classmethod
    def of(cls, bucket: Bucket, within: TimeRange, now: datetime) -> "BucketOut":
        """Return *bucket* as part of the answer about *within* at *now*."""
        whole = within.since <= bucket.start and bucket.end <= within.until
        return cls(bucket.start, whole and bucket.is_over(now))


class UserPage(msgspec.Struct, frozen=True):
    """Some users of a cell, in the order of their code points, and how many it has in all."""

    users: tuple[str, ...]
    count: int
