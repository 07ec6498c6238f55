"""Sessions: runs of a user's events without a long gap, counted by the bucket they begin in.

Source: docs/semantics.md, "Sessions and paths".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import all_match
from eventanalytics.domain.selection import BucketOut, Question
from eventanalytics.domain.time import Bucket, Interval, bucket_index
from eventanalytics.errors import Fault, InvalidQueryError

MAX_GAP_SECONDS = 86_400
LONGEST = timedelta(hours=24)
"""A session is shorter than this: an event that comes so long after its first begins another."""

_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000


class SessionsQuery(Question, frozen=True, kw_only=True):
    """The sessions of a range, by the bucket of their first event.

    Raises:
        InvalidQueryError: `gap_seconds` is not from 1 to 86,400, or the range is no range.
    """

    interval: Interval = Interval.DAY
    gap_seconds: int = 1800
    """The longest time between two events of one session; that bound counts."""

    def __post_init__(self) -> None:
        faults = self.faults() + gap_faults(self.gap_seconds)
        if faults:
            raise InvalidQueryError(faults)

    def buckets(self) -> Sequence[Bucket]:
        """Return the buckets that the range touches, in order."""
        return self.calendar.buckets(self.interval, self.within())


class SessionsCell(msgspec.Struct, frozen=True):
    """Some of the sessions of an answer, to ask for their users."""

    bucket: int | None = None
    """The index of a bucket, from 0; None means the whole range."""
    bounces: bool = False
    """Only the sessions with one event."""

    def check(self, query: SessionsQuery) -> None:
        """Refuse a cell that the answer to *query* has not.

        Raises:
            InvalidQueryError: There is no such bucket.
        """
        count = len(query.buckets())
        if self.bucket is not None and not 0 <= self.bucket < count:
            message = f"must be from 0 to {count - 1}, or nothing for the whole range"
            raise InvalidQueryError.of("cell.bucket", "out_of_range", message)


class Session(msgspec.Struct, frozen=True):
    """Events of one user, in their order; at least one."""

    events: tuple[Event, ...]

    @property
    def user_id(self) -> str:
        """The one user of all the events."""
        return self.events[0].user_id

    @property
    def start(self) -> datetime:
        """When the first event occurred."""
        return self.events[0].occurred_at

    @property
    def is_bounce(self) -> bool:
        """Whether there is one event and no more."""
        return len(self.events) == 1

    @property
    def microseconds(self) -> int:
        """The time from the first event to the last: 0 for a bounce, always less than a day."""
        return (self.events[-1].occurred_at - self.start) // _MICROSECOND


class SessionCounts(msgspec.Struct, frozen=True):
    """What a store counts of some sessions; everything else that is said of them follows."""

    sessions: int = 0
    users: int = 0
    """Distinct users with at least one of the sessions."""
    bounces: int = 0
    events: int = 0
    total_microseconds: int = 0
    """The lengths of the sessions, added up."""
    median_microseconds: float | None = None
    """The middle length, or the mean of the two in the middle; None without sessions."""


class SessionFigures(msgspec.Struct, frozen=True):
    """What an answer says of the sessions of a bucket or of the whole range.

    Lengths are in seconds. Without sessions there is nothing to divide by: the ratios and the
    lengths are None.
    """

    sessions: int
    users: int
    bounces: int
    events: int
    sessions_per_user: float | None
    events_per_session: float | None
    bounce_share: float | None
    average_seconds: float | None
    median_seconds: float | None

    @classmethod
    def of(cls, counts: SessionCounts) -> "SessionFigures":
        """Return the figures that follow from *counts*; each is rounded once, at its division."""
        median = counts.median_microseconds
        return cls(
            sessions=counts.sessions,
            users=counts.users,
            bounces=counts.bounces,
            events=counts.events,
            sessions_per_user=_ratio(counts.sessions, counts.users),
            events_per_session=_ratio(counts.events, counts.sessions),
            bounce_share=_ratio(counts.bounces, counts.sessions),
            average_seconds=_ratio(counts.total_microseconds, counts.sessions * _SECOND),
            median_seconds=None if median is None else median / _SECOND,
        )


class SessionsResult(msgspec.Struct, frozen=True):
    """The buckets of the range, the figures of each in the same order, and those of the range.

    The sessions, bounces and events of the buckets add up to the total; users do not.
    """

    buckets: tuple[BucketOut, ...]
    figures: tuple[SessionFigures, ...]
    total: SessionFigures


def count_sessions(query: SessionsQuery, events: Iterable[Event], now: datetime) -> SessionsResult:
    """Count the sessions of the range's events, by the bucket in which each begins.

    Returns every bucket that the range touches, empty ones too. *events* may come in any order;
    *now* (aware, UTC) decides which buckets are complete.

    >>> from datetime import UTC, date
    >>> from eventanalytics.domain.time import DateRange
    >>> day = date(2025, 8, 21)
    >>> count_sessions(
    ...     SessionsQuery(range=DateRange(day, day)), [], datetime(2025, 9, 1, tzinfo=UTC)
    ... ).total.sessions
    0
    """
    starts = [bucket.start for bucket in query.buckets()]
    grouped: dict[int | None, list[Session]] = defaultdict(list)
    for session in sessions_of(query, query.gap_seconds, events):
        grouped[bucket_index(starts, session.start)].append(session)
        grouped[None].append(session)
    return sessions_result(query, {key: _count(group) for key, group in grouped.items()}, now)


def sessions_users(
    query: SessionsQuery,
    cell: SessionsCell,
    events: Iterable[Event],
    now: datetime,  # noqa: ARG001 - who had a session does not depend on it
) -> tuple[str, ...]:
    """Return the users with a session of *cell*, by their code points.

    Raises:
        InvalidQueryError: The answer has no such bucket.
    """
    cell.check(query)
    starts = [bucket.start for bucket in query.buckets()]
    found = {
        session.user_id
        for session in sessions_of(query, query.gap_seconds, events)
        if (cell.bucket is None or bucket_index(starts, session.start) == cell.bucket)
        and (session.is_bounce or not cell.bounces)
    }
    return tuple(sorted(found))


def sessions_of(question: Question, gap_seconds: int, events: Iterable[Event]) -> Iterator[Session]:
    """Yield the sessions of the events that *question* is about, user by user, in their order.

    An event joins the running session of its user when it comes at most *gap_seconds* after the
    event before it and less than 24 hours after the session's first one; else it begins the next.
    """
    within, gap = question.within(), timedelta(seconds=gap_seconds)
    own: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.occurred_at in within and all_match(question.where, event):
            own[event.user_id].append(event)
    for found in own.values():
        running: list[Event] = []
        for event in sorted(found, key=lambda event: event.order):
            at = event.occurred_at
            if running and not (
                at - running[-1].occurred_at <= gap and at - running[0].occurred_at < LONGEST
            ):
                yield Session(tuple(running))
                running = []
            running.append(event)
        yield Session(tuple(running))


def sessions_result(
    query: SessionsQuery, counts: Mapping[int | None, SessionCounts], now: datetime
) -> SessionsResult:
    """Return the answer, given the counts by index of the bucket; None has the whole range's.

    What is missing counts nothing.
    """
    within, buckets, none = query.within(), query.buckets(), SessionCounts()
    return SessionsResult(
        tuple(BucketOut.of(bucket, within, now) for bucket in buckets),
        tuple(SessionFigures.of(counts.get(index, none)) for index in range(len(buckets))),
        SessionFigures.of(counts.get(None, none)),
    )


def gap_faults(gap_seconds: int) -> list[Fault]:
    """Return what is wrong with the longest gap of a session."""
    message = f"must be from 1 to {MAX_GAP_SECONDS}"
    valid = 1 <= gap_seconds <= MAX_GAP_SECONDS
    return [] if valid else [Fault("gap_seconds", "out_of_range", message)]


def _count(sessions: Sequence[Session]) -> SessionCounts:
    lengths = sorted(session.microseconds for session in sessions)
    return SessionCounts(
        sessions=len(sessions),
        users=len({session.user_id for session in sessions}),
        bounces=sum(session.is_bounce for session in sessions),
        events=sum(len(session.events) for session in sessions),
        total_microseconds=sum(lengths),
        median_microseconds=(lengths[(len(lengths) - 1) // 2] + lengths[len(lengths) // 2]) / 2,
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
