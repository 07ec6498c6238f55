"""Attempts at a funnel: which steps the events of one user take, and which attempt counts.

Source: docs/semantics.md, "Funnels".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.funnel_query import FunnelOrder, FunnelQuery
from eventanalytics.domain.selection import EventSelector


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one user's attempts.

    `reached` has the event of each step, in order, of the attempt that counts: the one that gets
    furthest, and the earliest of those. `latest_start` is when the last of all attempts began.
    """

    user_id: str
    reached: tuple[Event, ...]
    latest_start: datetime

    def is_open(self, query: FunnelQuery, now: datetime) -> bool:
        """Tell whether this user has not finished and their last window is running at *now*."""
        unfinished = len(self.reached) < len(query.steps)
        return unfinished and now - self.latest_start <= query.window


def journeys(query: FunnelQuery, events: Iterable[Event]) -> Sequence[Journey]:
    """Return the journey of each user who begins an attempt, by user in code-point order.

    *events* are those that exist for the question, in any order.
    """
    by_user: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_user[event.user_id].append(event)
    found = (_journey(query, user, by_user[user]) for user in sorted(by_user))
    return [journey for journey in found if journey is not None]


def _journey(query: FunnelQuery, user_id: str, events: list[Event]) -> Journey | None:
    events.sort(key=lambda event: event.order)
    within = query.within()
    attempts = [
        _attempt(query, events[index:])
        for index, event in enumerate(events)
        if event.occurred_at in within and _begins(query, event)
    ]
    if not attempts:
        return None
    return Journey(
        user_id=user_id,
        reached=max(attempts, key=len),  # the first of the longest
        latest_start=attempts[-1][0].occurred_at,
    )


def _begins(query: FunnelQuery, event: Event) -> bool:
    firsts = query.steps if query.order is FunnelOrder.UNORDERED else query.steps[:1]
    return any(step.matches(event) for step in firsts)


def _attempt(query: FunnelQuery, events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the event of each step that the attempt reaches which begins with the first event."""
    start, *following = events
    takes = _taker(query, start)
    reached = [start]
    for event in following:
        if event.occurred_at - start.occurred_at > query.window or len(reached) == len(query.steps):
            break
        taken = takes(event)
        if _is_excluded(query, event, len(reached), taken=taken):
            break
        if taken:
            reached.append(event)
        elif query.order is FunnelOrder.STRICT:
            break
    return tuple(reached)


def _is_excluded(query: FunnelQuery, event: Event, reached: int, *, taken: bool) -> bool:
    """Tell whether *event* ends an attempt that has reached so many steps.

    An event that reaches the very step up to which the exclusion holds is that step.
    """
    return any(
        exclusion.from_step <= reached < exclusion.to_step - taken and exclusion.matches(event)
        for exclusion in query.exclusions
    )


def _taker(query: FunnelQuery, start: Event) -> Callable[[Event], bool]:
    """Return what tells, of one event after the other, whether it takes an attempt a step on."""
    if query.order is FunnelOrder.UNORDERED:
        matching = _Matching(query.steps)
        matching.add(start)
        return matching.add
    return _Sequence(query.steps[1:]).add


class _Sequence:
    """Steps that are taken one after the other."""

    def __init__(self, steps: Sequence[EventSelector]) -> None:
        self._left = list(steps)

    def add(self, event: Event) -> bool:
        """Take the next step by *event* if it fits."""
        fits = self._left[0].matches(event)
        if fits:
            del self._left[0]
        return fits


class _Matching:
    """Steps that are taken in any order: each by one event, and no event takes two.

    As many as can be are taken. Which event took which step may change as more events come: an
    event that could take two steps leaves one of them to another that fits nowhere else.
    """

    def __init__(self, steps: Sequence[EventSelector]) -> None:
        self._steps = steps
        self._taken_by: dict[int, Event] = {}

    def add(self, event: Event) -> bool:
        """Take one step more with the help of *event* if that can be."""
        return self._place(event, set())

    def _place(self, event: Event, tried: set[int]) -> bool:
        for index, step in enumerate(self._steps):
            if index not in tried and step.matches(event):
                tried.add(index)
                holder = self._taken_by.get(index)
                if holder is None or self._place(holder, tried):
                    self._taken_by[index] = event
                    return True
        return False
