"""What a question is asked of: a range of time, and the events that count.

Source: docs/semantics.md, "Ranges, time zones, buckets" and "Filters".
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import MAX_CONDITIONS, Condition, all_match
from eventanalytics.domain.json_values import character_faults
from eventanalytics.domain.time import (
    END_OF_CALENDAR,
    FIRST_DATE,
    LAST_DATE,
    Bucket,
    Calendar,
    DateRange,
    TimeRange,
)
from eventanalytics.errors import Fault

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

    def means_same_as(self, other: "EventSelector") -> bool:
        """Tell whether both select by the same conditions, in the same order."""
        return (
            self.event == other.event
            and len(self.where) == len(other.where)
            and all(a.means_same_as(b) for a, b in zip(self.where, other.where, strict=True))
        )

    def faults(self, path: str) -> list[Fault]:
        """Return what no store can look for, the fields named below *path*."""
        found = [] if self.event is None else character_faults(self.event, "event")
        return [fault.under(path) for fault in found + where_faults(self.where, "where")]


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

    def faults(self) -> list[Fault]:
        """Return what is wrong with the parts that every question has."""
        return range_faults(self.range) + where_faults(self.where, "where")


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

    @classmethod
    def of(cls, users: Sequence[str], *, after: str | None, limit: int) -> "UserPage":
        """Return at most *limit* of all *users* of a cell (in order), those that follow *after*."""
        rest = [user for user in users if after is None or user > after]
        return cls(tuple(rest[:limit]), len(users))


def where_faults(where: tuple[Condition, ...], path: str) -> list[Fault]:
    """Return the fault of a list of more than 50 conditions."""
    if len(where) <= MAX_CONDITIONS:
        return []
    message = f"holds {len(where)} conditions, at most {MAX_CONDITIONS} are allowed"
    return [Fault(path, "too_many_conditions", message)]


def range_faults(wanted: QueryRange) -> list[Fault]:
    """Return the fault of instants that are no range, or that calendars have no room for.

    A `DateRange` has been checked when it was made.
    """
    if isinstance(wanted, DateRange):
        return []
    if wanted.since >= wanted.until:
        return [Fault("range", "invalid_range", "from must be before to")]
    if wanted.since.date() < FIRST_DATE or wanted.until > END_OF_CALENDAR:
        message = f"must be within {FIRST_DATE} and {LAST_DATE}"
        return [Fault("range", "date_out_of_range", message)]
    return []
