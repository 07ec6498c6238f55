"""Attempts at a funnel: which steps the events of one user take, and which attempt counts.

Source: docs/semantics.md, "Funnels".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from eventanalytics.domain.breakdowns import NONE, Group, group_of
from eventanalytics.domain.events import Event
from eventanalytics.domain.funnel_query import FunnelOrder, FunnelQuery


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What an event is to a funnel: the steps and exclusions (by index) that it matches.

    `group` is that of its value of the breakdown's property; `NONE` without a breakdown.
    """

    occurred_at: datetime
    steps: frozenset[int]
    exclusions: frozenset[int] = frozenset()
    group: Group = NONE

    @classmethod
    def of(cls, query: FunnelQuery, event: Event) -> "Moment":
        """Return what *event* is to *query*."""
        return cls(
            occurred_at=event.occurred_at,
            steps=frozenset(i for i, step in enumerate(query.steps) if step.matches(event)),
            exclusions=frozenset(i for i, one in enumerate(query.exclusions) if one.matches(event)),
            group=NONE if query.breakdown is None else group_of(event, query.breakdown.property),
        )


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one user's attempts.

    `reached` has the moment of each step, in order, of the attempt that counts: the one that gets
    furthest, and the earliest of those. `latest_start` is when the last of all attempts began.
    """

    user_id: str
    reached: tuple[Moment, ...]
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
    found: list[Journey] = []
    for user_id in sorted(by_user):
        in_order = sorted(by_user[user_id], key=lambda event: event.order)
        journey = journey_of(query, user_id, [Moment.of(query, event) for event in in_order])
        if journey is not None:
            found.append(journey)
    return found


def journey_of(query: FunnelQuery, user_id: str, moments: Sequence[Moment]) -> Journey | None:
    """Return the journey of one user, whose *moments* are in order; None who begins no attempt."""
    within = query.within()
    firsts = range(len(query.steps)) if query.order is FunnelOrder.UNORDERED else range(1)
    attempts = [
        _attempt(query, moments, index)
        for index, moment in enumerate(moments)
        if moment.occurred_at in within and not moment.steps.isdisjoint(firsts)
    ]
    if not attempts:
        return None
    return Journey(
        user_id=user_id,
        reached=max(attempts, key=len),  # the first of the longest
        latest_start=attempts[-1][0].occurred_at,
    )


def _attempt(query: FunnelQuery, moments: Sequence[Moment], first: int) -> tuple[Moment, ...]:
    """Return the moment of each step that the attempt reaches which begins at index *first*."""
    start = moments[first]
    takes = _taker(query, start)
    reached = [start]
    for index in range(first + 1, len(moments)):
        moment = moments[index]
        late = moment.occurred_at - start.occurred_at > query.window
        if late or len(reached) == len(query.steps):
            break
        taken = takes(moment)
        if _is_excluded(query, moment, len(reached), taken=taken):
            break
        if taken:
            reached.append(moment)
        elif query.order is FunnelOrder.STRICT:
            break
    return tuple(reached)


def _is_excluded(query: FunnelQuery, moment: Moment, reached: int, *, taken: bool) -> bool:
    """Tell whether *moment* ends an attempt that has reached so many steps.

    One that reaches the very step up to which an exclusion holds is that step.
    """
    exclusions = (query.exclusions[index] for index in moment.exclusions)
    return any(one.from_step <= reached < one.to_step - taken for one in exclusions)


def _taker(query: FunnelQuery, start: Moment) -> Callable[[Moment], bool]:
    """Return what tells, of one moment after the other, whether it takes an attempt a step on."""
    if query.order is FunnelOrder.UNORDERED:
        matching = _Matching()
        matching.add(start)
        return matching.add
    return _Sequence().add


class _Sequence:
    """Steps that are taken one after the other; the first is."""

    def __init__(self) -> None:
        self._next = 1

    def add(self, moment: Moment) -> bool:
        """Take the next step by *moment* if it fits."""
        fits = self._next in moment.steps
        self._next += fits
        return fits


class _Matching:
    """Steps that are taken in any order: each by one moment, and no moment takes two.

    As many as can be are taken. Which moment took which step may change as more come: one that
    could take two steps leaves one of them to another that fits nowhere else.
    """

    def __init__(self) -> None:
        self._taken_by: dict[int, Moment] = {}

    def add(self, moment: Moment) -> bool:
        """Take one step more with the help of *moment* if that can be."""
        return self._place(moment, set())

    def _place(self, moment: Moment, tried: set[int]) -> bool:
        for step in sorted(moment.steps - tried):
            if step in tried:  # by the search for another place for a holder
                continue
            tried.add(step)
            holder = self._taken_by.get(step)
            if holder is None or self._place(holder, tried):
                self._taken_by[step] = moment
                return True
        return False
