"""Stickiness: in how many buckets of the range users are active.

Source: docs/semantics.md, "Lifecycle and stickiness".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import accumulate

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import all_match
from eventanalytics.domain.selection import EventSelector, Question
from eventanalytics.domain.time import Bucket, Interval, bucket_index
from eventanalytics.errors import InvalidQueryError


class StickinessQuery(Question, frozen=True, kw_only=True):
    """The buckets to look at, and the event type that makes a user active (None means any).

    Raises:
        InvalidQueryError: A bound is not kept.
    """

    interval: Interval = Interval.DAY
    event: str | None = None

    def __post_init__(self) -> None:
        faults = self.faults() + EventSelector(self.event).faults("")
        if faults:
            raise InvalidQueryError(faults)

    def buckets(self) -> Sequence[Bucket]:
        """Return the buckets that the range touches.

        Raises:
            InvalidQueryError: There are more than 10,000.
        """
        return self.calendar.buckets(self.interval, self.within())


class Stickiness(msgspec.Struct, frozen=True):
    """How many users were active in exactly and in at least k buckets; index 0 is one bucket."""

    exactly: tuple[int, ...]
    at_least: tuple[int, ...]


class StickinessCount(Enum):
    """How a number of buckets is meant."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"


class StickinessCell(msgspec.Struct, frozen=True):
    """The users who were active in so many buckets (from 1)."""

    buckets: int
    count: StickinessCount = StickinessCount.EXACTLY

    def check(self, query: StickinessQuery) -> None:
        """Refuse a cell that the answer to *query* does not have.

        Raises:
            InvalidQueryError: The range has not so many buckets.
        """
        if not 1 <= self.buckets <= len(query.buckets()):
            message = "the answer has no such number of buckets"
            raise InvalidQueryError.of("cell.buckets", "unknown_cell", message)

    def holds(self, active: int) -> bool:
        """Tell whether who was active in so many buckets belongs to the cell."""
        if self.count is StickinessCount.EXACTLY:
            return active == self.buckets
        return active >= self.buckets


def count_stickiness(
    query: StickinessQuery,
    events: Iterable[Event],
    now: datetime,  # noqa: ARG001 - every question takes it; it changes nothing here
) -> Stickiness:
    """Count the users by the number of buckets that they were active in.

    *events* are all of a project, in any order.
    """
    users: dict[int, int] = defaultdict(int)
    for active in _active_buckets(query, events).values():
        users[active] += 1
    return answer(query, users)


def stickiness_users(
    query: StickinessQuery,
    cell: StickinessCell,
    events: Iterable[Event],
    now: datetime,  # noqa: ARG001 - every question takes it; it changes nothing here
) -> tuple[str, ...]:
    """Return the users of a cell, in the order of code points.

    Raises:
        InvalidQueryError: The answer has no such cell.
    """
    cell.check(query)
    found = _active_buckets(query, events)
    return tuple(sorted(user_id for user_id, active in found.items() if cell.holds(active)))


def answer(query: StickinessQuery, users: Mapping[int, int]) -> Stickiness:
    """Return the answer, given the users by the number of buckets that they were active in."""
    exactly = tuple(users.get(k, 0) for k in range(1, len(query.buckets()) + 1))
    return Stickiness(exactly, tuple(accumulate(exactly[::-1]))[::-1])


def _active_buckets(query: StickinessQuery, events: Iterable[Event]) -> Mapping[str, int]:
    """Return in how many buckets each user was active."""
    within, selector = query.within(), EventSelector(query.event)
    starts = [bucket.start for bucket in query.buckets()]
    active: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if (
            event.occurred_at in within
            and selector.matches(event)
            and all_match(query.where, event)
        ):
            active[event.user_id].add(bucket_index(starts, event.occurred_at))
    return {user_id: len(buckets) for user_id, buckets in active.items()}
