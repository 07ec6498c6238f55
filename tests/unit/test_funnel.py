"""Semantics of funnels, said a second time: every subsequence of a user's events is tried.

A subsequence is an attempt or it is none, by what lies between its events; nothing is walked step
by step. From the attempts of this oracle the counts, times, groups and users follow by definition.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from statistics import median
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import ALL, NONE, OTHER, Group, group_of
from eventanalytics.domain.events import Event
from eventanalytics.domain.funnel import count_funnel, funnel_users
from eventanalytics.domain.funnel_query import (
    Attribution,
    FunnelBreakdown,
    FunnelCell,
    FunnelOrder,
    FunnelOutcome,
    FunnelQuery,
)
from eventanalytics.domain.selection import EventSelector
from eventanalytics.testing.funnel_strategies import (
    FunnelQuestion,
    excluding_funnel_queries,
    funnel_questions,
    journey_logs,
)
from eventanalytics.testing.strategies import worlds

SECOND = timedelta(seconds=1)


class Best(NamedTuple):
    """What an attempt that counts is known by."""

    reached: tuple[Event, ...]
    latest_start: datetime


def is_one(selector: EventSelector, event: Event) -> bool:
    return selector.event in {None, event.event_type} and all(
        condition.matches(event) for condition in selector.where
    )


def best_attempts(query: FunnelQuery, log: Sequence[Event]) -> dict[str, Best]:
    """Return, by user, the attempt that counts; *log* holds what exists for the question."""
    found: dict[str, Best] = {}
    for user in {event.user_id for event in log}:
        own = sorted(
            (event for event in log if event.user_id == user),
            key=lambda e: (e.occurred_at, e.received_at, e.event_id.int),
        )
        chosen = [
            indexes
            for size in range(1, min(len(own), len(query.steps)) + 1)
            for indexes in combinations(range(len(own)), size)
            if is_attempt(query, own, indexes)
        ]
        if chosen:
            furthest = max(len(indexes) for indexes in chosen)
            earliest = min(indexes for indexes in chosen if len(indexes) == furthest)
            latest = max(own[indexes[0]].occurred_at for indexes in chosen)
            found[user] = Best(tuple(own[i] for i in earliest), latest)
    return found


def is_attempt(query: FunnelQuery, own: Sequence[Event], indexes: tuple[int, ...]) -> bool:
    """Tell whether an attempt may read just so: these events take its first steps, one each."""
    within = query.within()
    start, end = own[indexes[0]].occurred_at, own[indexes[-1]].occurred_at
    if not within.since <= start < within.until:
        return False
    if end - start > timedelta(seconds=query.window_seconds):
        return False
    if query.order is FunnelOrder.UNORDERED:
        takes_steps = takes_any_steps(query, own, indexes)
    else:
        takes_steps = takes_steps_in_turn(query, own, indexes)
    return takes_steps and not is_cut(query, own, indexes)


def takes_steps_in_turn(query: FunnelQuery, own: Sequence[Event], indexes: tuple[int, ...]) -> bool:
    """Each event takes its step, and each step but the first is taken by the first that can."""
    pairs = list(zip(query.steps, indexes, strict=False))
    if not all(is_one(step, own[index]) for step, index in pairs):
        return False
    for (_, before), (step, index) in pairwise(pairs):
        between = own[before + 1 : index]
        if query.order is FunnelOrder.STRICT and between:
            return False
        if any(is_one(step, event) for event in between):
            return False
    return True


def takes_any_steps(query: FunnelQuery, own: Sequence[Event], indexes: tuple[int, ...]) -> bool:
    """Each event is the first at which one step more can have been done than before."""
    first = indexes[0]
    for done, index in enumerate(indexes):
        before = own[first:index]
        if most_steps_done(query.steps, before) != done:
            return False
        if most_steps_done(query.steps, [*before, own[index]]) != done + 1:
            return False
    return True


def most_steps_done(steps: Sequence[EventSelector], events: Sequence[Event]) -> int:
    """Return the size of the largest assignment of different events to steps, by trying them."""
    for size in range(min(len(steps), len(events)), 0, -1):
        for some in combinations(steps, size):
            for takers in permutations(events, size):
                if all(is_one(step, event) for step, event in zip(some, takers, strict=True)):
                    return size
    return 0


def is_cut(query: FunnelQuery, own: Sequence[Event], indexes: tuple[int, ...]) -> bool:
    """Tell whether an exclusion ends the attempt before the last of these events."""
    for exclusion in query.exclusions:
        if exclusion.from_step > len(indexes):
            continue
        opened = indexes[exclusion.from_step - 1]
        if exclusion.to_step <= len(indexes):
            shut = indexes[exclusion.to_step - 1]
        else:
            shut = indexes[-1] + 1
        if any(is_one(exclusion, event) for event in own[opened + 1 : shut]):
            return True
    return False


def groups_of(query: FunnelQuery, world: Sequence[Event]) -> Mapping[Group, Mapping[str, Best]]:
    """Return the users of every group there is, by what a breakdown's attribution means."""
    breakdown = query.breakdown
    assert breakdown is not None
    if breakdown.attribution is Attribution.ALL:
        values = {group_of(event, breakdown.property) for event in world}
        pools = {
            value: [event for event in world if group_of(event, breakdown.property) == value]
            for value in values
        }
        return {value: best_attempts(query, pool) for value, pool in pools.items()}
    found: dict[Group, dict[str, Best]] = {}
    for user, best in best_attempts(query, world).items():
        found.setdefault(value_of(best, breakdown), {})[user] = best
    return found


def value_of(best: Best, breakdown: FunnelBreakdown) -> Group:
    if breakdown.attribution is Attribution.ENTRY:
        giver = best.reached[:1]
    elif breakdown.attribution is Attribution.LAST:
        giver = best.reached[-1:]
    else:
        giver = best.reached[breakdown.step - 1 : breakdown.step]
    return group_of(giver[0], breakdown.property) if giver else NONE


def shown(query: FunnelQuery, world: Sequence[Event]) -> Mapping[Group, Mapping[str, Best]]:
    """Return the users of each group that the answer lists, in its order."""
    breakdown = query.breakdown
    assert breakdown is not None
    groups = {group: users for group, users in groups_of(query, world).items() if users}
    ranked = sorted(groups, key=lambda group: group.rank(len(groups[group])))
    kept = ranked[: breakdown.limit]
    if breakdown.attribution is Attribution.ALL:
        pool = [event for event in world if group_of(event, breakdown.property) not in kept]
        rest = best_attempts(query, pool)
    else:
        rest = {
            user: best
            for group in ranked
            if group not in kept
            for user, best in groups[group].items()
        }
    answer: dict[Group, Mapping[str, Best]] = {group: groups[group] for group in kept}
    return {**answer, OTHER: rest} if rest else answer


def seconds_between(one: Event, other: Event) -> Fraction:
    gap = other.occurred_at - one.occurred_at
    return Fraction(gap // timedelta(microseconds=1), 1_000_000)


def assert_counts(steps: Sequence[Any], users: Mapping[str, Best], query: FunnelQuery) -> None:
    reached = [best.reached for best in users.values()]
    for index, step in enumerate(steps):
        here = [events for events in reached if len(events) > index]
        before = [events for events in reached if len(events) >= index]
        assert (step.step, step.event) == (index + 1, query.steps[index].event)
        assert step.users == len(here)
        assert step.conversion_from_first == (len(here) / len(reached) if reached else None)
        if index == 0:
            assert (step.conversion_from_previous, step.median_seconds) == (None, None)
            assert step.average_seconds is None
            continue
        times = [seconds_between(events[index - 1], events[index]) for events in here]
        assert step.conversion_from_previous == (len(here) / len(before) if before else None)
        assert step.median_seconds == (float(median(times)) if times else None)
        assert step.average_seconds == (float(sum(times) / len(times)) if times else None)


def is_in(cell: FunnelCell, best: Best, question: FunnelQuestion) -> bool:
    if cell.outcome is FunnelOutcome.REACHED:
        return len(best.reached) >= cell.step
    if cell.outcome is FunnelOutcome.DROPPED:
        return len(best.reached) == cell.step - 1
    return is_running(best, question)


def is_running(best: Best, question: FunnelQuestion) -> bool:
    end = best.latest_start + question.query.window_seconds * SECOND
    return len(best.reached) < len(question.query.steps) and end >= question.now


asked = worlds().flatmap(
    lambda world: st.tuples(
        funnel_questions(world) | funnel_questions(world, excluding_funnel_queries(world)),
        journey_logs(world),
    )
)


def world_of(query: FunnelQuery, log: Sequence[Event]) -> list[Event]:
    once = {event.event_id: event for event in reversed(log)}
    return [e for e in once.values() if all(one.matches(e) for one in query.where)]


@given(asked)
def test_a_funnel_counts_the_best_of_all_attempts(case: tuple[FunnelQuestion, list[Event]]) -> None:
    question, log = case
    query, world = question.query, world_of(case[0].query, log)
    answer = count_funnel(query, world, question.now)
    everybody = best_attempts(query, world)
    assert_counts(answer.steps, everybody, query)
    assert answer.open_attempts == sum(is_running(best, question) for best in everybody.values())


@given(asked)
def test_groups_are_the_funnels_of_their_users(case: tuple[FunnelQuestion, list[Event]]) -> None:
    question, log = case
    query, world = question.query, world_of(case[0].query, log)
    answer = count_funnel(query, world, question.now)
    expected = {} if query.breakdown is None else shown(query, world)
    assert [entry.group for entry in answer.groups] == list(expected)
    for entry in answer.groups:
        assert_counts(entry.steps, expected[entry.group], query)


@given(asked)
def test_the_users_of_a_cell_are_named(case: tuple[FunnelQuestion, list[Event]]) -> None:
    question, log = case
    query, cell, world = question.query, question.cell, world_of(case[0].query, log)
    if query.breakdown is None or cell.group == ALL:
        users = best_attempts(query, world)
    elif cell.group == OTHER:
        users = dict(shown(query, world).get(OTHER, {}))
    else:
        users = dict(groups_of(query, world).get(cell.group, {}))
    expected = sorted(user for user, best in users.items() if is_in(cell, best, question))
    assert list(funnel_users(query, cell, world, question.now)) == expected
