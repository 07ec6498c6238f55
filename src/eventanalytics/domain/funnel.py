"""Funnels: how many users take the first step, the second, and so on, and how long it takes them.

Source: docs/semantics.md, "Funnels".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from eventanalytics.domain.breakdowns import (
    ALL,
    NONE,
    OTHER,
    Group,
    biggest,
    group_of,
    shown_groups,
)
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import all_match
from eventanalytics.domain.funnel_attempts import Journey, journeys
from eventanalytics.domain.funnel_query import (
    Attribution,
    FunnelBreakdown,
    FunnelCell,
    FunnelOutcome,
    FunnelQuery,
)
from eventanalytics.domain.funnel_tallies import StepTally, Tallies

_MICROSECONDS = 1_000_000


class FunnelStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step, numbered from 1: the distinct users who reached it, and how they got there.

    `conversion_from_first` is `users` of those at step 1, `conversion_from_previous` of those at
    the step before (None for step 1); None where that is nobody. The seconds are those since the
    step before, over the users who reached this one; None for step 1 and where that is nobody.
    """

    step: int
    event: str | None
    users: int
    conversion_from_first: float | None
    conversion_from_previous: float | None
    median_seconds: float | None
    average_seconds: float | None


class FunnelGroup(msgspec.Struct, frozen=True):
    """The funnel of one group of a breakdown."""

    group: Group
    steps: tuple[FunnelStep, ...]


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """The funnel of all users, and of each group, biggest at step 1 first, where there are groups.

    `open_attempts` is how many users have not finished, and may still.
    """

    steps: tuple[FunnelStep, ...]
    open_attempts: int
    groups: tuple[FunnelGroup, ...] = ()


def count_funnel(query: FunnelQuery, events: Iterable[Event], now: datetime) -> Funnel:
    """Count the users who reached each step.

    Returns one entry a step, in order, users never rising. *events* may come in any order; *now*
    (aware, UTC) decides which attempts are open.

    >>> from datetime import UTC
    >>> from eventanalytics.domain.selection import EventSelector
    >>> from eventanalytics.domain.time import TimeRange
    >>> january = TimeRange(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC))
    >>> steps = (EventSelector("view"), EventSelector("buy"))
    >>> funnel = count_funnel(FunnelQuery(range=january, steps=steps), [], january.until)
    >>> [step.users for step in funnel.steps]
    [0, 0]
    """
    world = _world(query, events)
    found = journeys(query, world)
    by_group = {ALL: found}
    if query.breakdown is not None:
        by_group |= _groups(query, query.breakdown, world)
    return funnel(
        query,
        {group: Tallies(some).steps() for group, some in by_group.items()},
        open_attempts=sum(journey.is_open(query, now) for journey in found),
    )


def funnel_users(
    query: FunnelQuery, cell: FunnelCell, events: Iterable[Event], now: datetime
) -> tuple[str, ...]:
    """Return the users of a cell, in the order of their code points.

    Raises:
        InvalidQueryError: The answer has no such cell.
    """
    cell.check(query)
    world = _world(query, events)
    return tuple(
        journey.user_id
        for journey in _journeys_of(query, cell.group, world)
        if is_in(cell, journey, query, now)
    )


def funnel(
    query: FunnelQuery, tallies: Mapping[Group, Sequence[StepTally]], *, open_attempts: int
) -> Funnel:
    """Return the answer, given what was counted of the steps that anybody reached, by group.

    The groups come in the order in which they are shown, `ALL` is the funnel of all users.
    """
    return Funnel(
        steps=_steps(query, tallies.get(ALL, ())),
        open_attempts=open_attempts,
        groups=tuple(
            FunnelGroup(group, _steps(query, some))
            for group, some in tallies.items()
            if group != ALL
        ),
    )


def _world(query: FunnelQuery, events: Iterable[Event]) -> Sequence[Event]:
    return [event for event in events if all_match(query.where, event)]


def _groups(
    query: FunnelQuery, breakdown: FunnelBreakdown, world: Sequence[Event]
) -> Mapping[Group, Sequence[Journey]]:
    """Return the journeys of each group that is shown, in order."""
    by_group = _by_group(query, breakdown, world)
    sizes = {group: len(found) for group, found in by_group.items() if found}
    kept = biggest(sizes, breakdown.limit)
    if breakdown.attribution is Attribution.ALL:
        left = [event for event in world if group_of(event, breakdown.property) not in kept]
        other = journeys(query, left)
    else:
        other = [one for group, some in by_group.items() if group not in kept for one in some]
    by_group = {**by_group, OTHER: sorted(other, key=lambda journey: journey.user_id)}
    return {group: by_group[group] for group in shown_groups(kept, has_other=bool(other))}


def _by_group(
    query: FunnelQuery, breakdown: FunnelBreakdown, world: Sequence[Event]
) -> Mapping[Group, Sequence[Journey]]:
    """Return the journeys of every group there is."""
    if breakdown.attribution is Attribution.ALL:
        pools: dict[Group, list[Event]] = defaultdict(list)
        for event in world:
            pools[group_of(event, breakdown.property)].append(event)
        return {group: journeys(query, pool) for group, pool in pools.items()}
    found: dict[Group, list[Journey]] = defaultdict(list)
    for journey in journeys(query, world):
        found[group_of_journey(journey, breakdown)].append(journey)
    return found


def group_of_journey(journey: Journey, breakdown: FunnelBreakdown) -> Group:
    """Return the group of a user, by the event that gives the value."""
    step = {Attribution.ENTRY: 1, Attribution.LAST: len(journey.reached)}.get(
        breakdown.attribution, breakdown.step
    )
    if step > len(journey.reached):
        return NONE
    return journey.reached[step - 1].group


def _journeys_of(query: FunnelQuery, group: Group, world: Sequence[Event]) -> Sequence[Journey]:
    if query.breakdown is None or group == ALL:
        return journeys(query, world)
    if group == OTHER:
        return _groups(query, query.breakdown, world).get(OTHER, ())
    return _by_group(query, query.breakdown, world).get(group, ())


def is_in(cell: FunnelCell, journey: Journey, query: FunnelQuery, now: datetime) -> bool:
    """Tell whether a user is one of *cell*, whatever its group."""
    reached = len(journey.reached)
    match cell.outcome:
        case FunnelOutcome.REACHED:
            return reached >= cell.step
        case FunnelOutcome.DROPPED:
            return reached == cell.step - 1
        case FunnelOutcome.OPEN:
            return journey.is_open(query, now)


def _steps(query: FunnelQuery, tallies: Sequence[StepTally]) -> tuple[FunnelStep, ...]:
    missing = len(query.steps) - len(tallies)
    padded = [*tallies, *[StepTally(0)] * missing]
    return tuple(
        FunnelStep(
            step=index + 1,
            event=step.event,
            users=padded[index].users,
            conversion_from_first=_ratio(padded[index].users, padded[0].users),
            conversion_from_previous=_ratio(padded[index].users, padded[index - 1].users)
            if index
            else None,
            **_seconds(padded[index] if index else StepTally(0)),
        )
        for index, step in enumerate(query.steps)
    )


def _seconds(tally: StepTally) -> Mapping[str, float | None]:
    """Return the times of a step; the average is exact until its one division."""
    return {
        "median_seconds": tally.median_microseconds / _MICROSECONDS if tally.users else None,
        "average_seconds": _ratio(tally.total_microseconds, tally.users * _MICROSECONDS),
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
