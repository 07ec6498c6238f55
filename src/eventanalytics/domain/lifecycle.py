"""Lifecycle: of the users of each bucket, who is new, who returns, who comes back from sleep.

Source: docs/semantics.md, "Lifecycle and stickiness".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import all_match
from eventanalytics.domain.selection import BucketOut, EventSelector, Question
from eventanalytics.domain.time import Bucket, Interval, bucket_index
from eventanalytics.errors import InvalidQueryError


class LifecycleClass(Enum):
    """What a user is to a bucket."""

    NEW = "new"
    """The user's first event of all time is in this bucket."""
    RETURNING = "returning"
    """Active in this bucket and in the one before."""
    RESURRECTING = "resurrecting"
    """Active in this bucket and earlier, not in the one before."""
    DORMANT = "dormant"
    """Active in the bucket before, not in this one."""


class LifecycleQuery(Question, frozen=True, kw_only=True):
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

    def bucket_before(self) -> Bucket:
        """Return the whole bucket before the first one; there must be a first one."""
        first = self.buckets()[0]
        earlier = first.start - timedelta(microseconds=1)
        return next(iter(self.calendar.buckets_from(self.interval, earlier)))


class Lifecycle(msgspec.Struct, frozen=True):
    """The buckets, and for each class the users of each bucket.

    The users active in a bucket are `new`, `returning` and `resurrecting`; those of the bucket
    before are `returning` and `dormant`.
    """

    buckets: tuple[BucketOut, ...]
    new: tuple[int, ...]
    returning: tuple[int, ...]
    resurrecting: tuple[int, ...]
    dormant: tuple[int, ...]


class LifecycleCell(msgspec.Struct, frozen=True):
    """A class of users in a bucket (its index)."""

    lifecycle: LifecycleClass
    bucket: int

    def check(self, query: LifecycleQuery) -> None:
        """Refuse a cell that the answer to *query* does not have.

        Raises:
            InvalidQueryError: There is no such bucket.
        """
        if not 0 <= self.bucket < len(query.buckets()):
            message = "the answer has no such bucket"
            raise InvalidQueryError.of("cell.bucket", "unknown_cell", message)


def count_lifecycle(query: LifecycleQuery, events: Iterable[Event], now: datetime) -> Lifecycle:
    """Count the users of each class in each bucket.

    *events* are all of a project, in any order; *now* (aware, UTC) decides what is complete.
    """
    users = _users(query, events)
    return answer(query, {cell: len(found) for cell, found in users.items()}, now)


def lifecycle_users(
    query: LifecycleQuery,
    cell: LifecycleCell,
    events: Iterable[Event],
    now: datetime,  # noqa: ARG001 - every question takes it; it changes nothing here
) -> tuple[str, ...]:
    """Return the users of a cell, in the order of code points.

    Raises:
        InvalidQueryError: The answer has no such cell.
    """
    cell.check(query)
    return tuple(sorted(_users(query, events)[cell]))


def answer(query: LifecycleQuery, counts: Mapping[LifecycleCell, int], now: datetime) -> Lifecycle:
    """Return the answer, given the users of each cell that has any."""
    within, buckets = query.within(), query.buckets()
    new, returning, resurrecting, dormant = (
        tuple(counts.get(LifecycleCell(kind, index), 0) for index in range(len(buckets)))
        for kind in LifecycleClass
    )
    return Lifecycle(
        tuple(BucketOut.of(bucket, within, now) for bucket in buckets),
        new,
        returning,
        resurrecting,
        dormant,
    )


def _users(query: LifecycleQuery, events: Iterable[Event]) -> Mapping[LifecycleCell, set[str]]:
    """Return the users of each cell that has any."""
    found: dict[LifecycleCell, set[str]] = defaultdict(set)
    first_seen, active = _activity(query, events)
    last, within = len(query.buckets()) - 1, query.within()
    for user_id, visited in active.items():
        for index in visited:
            if index < last and index + 1 not in visited:
                found[LifecycleCell(LifecycleClass.DORMANT, index + 1)].add(user_id)
            if index - 1 in visited:
                kind = LifecycleClass.RETURNING
            elif index == min(visited) and first_seen[user_id] in within:
                kind = LifecycleClass.NEW
            else:
                kind = LifecycleClass.RESURRECTING
            if index >= 0:
                found[LifecycleCell(kind, index)].add(user_id)
    return found


def _activity(
    query: LifecycleQuery, events: Iterable[Event]
) -> tuple[Mapping[str, datetime], Mapping[str, set[int]]]:
    """Return when each user was first seen, and the buckets they were active in.

    The bucket before the first has the index -1. Where the range cuts the first bucket, what is
    cut off lies in no bucket.
    """
    first_seen: dict[str, datetime] = {}
    active: dict[str, set[int]] = defaultdict(set)
    buckets, within = query.buckets(), query.within()
    if not buckets:
        return first_seen, active
    starts, before = [bucket.start for bucket in buckets], query.bucket_before()
    selector = EventSelector(query.event)
    for event in events:
        if selector.matches(event) and all_match(query.where, event):
            at = event.occurred_at
            first_seen[event.user_id] = min(at, first_seen.get(event.user_id, at))
            if at in within:
                active[event.user_id].add(bucket_index(starts, at))
            elif before.start <= at < before.end:
                active[event.user_id].add(-1)
    return first_seen, active
