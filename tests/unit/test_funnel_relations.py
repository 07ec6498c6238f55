"""What must be so between two funnels, whatever happened."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eventanalytics.domain.breakdowns import ALL
from eventanalytics.domain.events import Event
from eventanalytics.domain.funnel import count_funnel, funnel_users
from eventanalytics.domain.funnel_query import (
    Attribution,
    FunnelCell,
    FunnelOrder,
    FunnelOutcome,
    FunnelQuery,
)
from eventanalytics.testing.funnel_strategies import funnel_queries, journey_logs, selectors
from eventanalytics.testing.strategies import USER_IDS, worlds

NOW = datetime(2026, 1, 1, tzinfo=UTC)

asked = worlds().flatmap(lambda world: st.tuples(funnel_queries(world), journey_logs(world)))
Case = tuple[FunnelQuery, list[Event]]


def users(query: FunnelQuery, log: Sequence[Event]) -> list[set[str]]:
    """Return the users of each step."""
    cells = [FunnelCell(step=number) for number in range(1, len(query.steps) + 1)]
    return [set(funnel_users(query, cell, log, NOW)) for cell in cells]


def assert_no_more(fewer: Sequence[set[str]], more: Sequence[set[str]]) -> None:
    assert all(some <= others for some, others in zip(fewer, more, strict=True))


@given(asked)
def test_from_step_to_step_users_never_rise(case: Case) -> None:
    query, log = case
    found = users(query, log)
    assert all(later <= earlier for earlier, later in pairwise(found))
    counts = [step.users for step in count_funnel(query, log, NOW).steps]
    assert counts == [len(reached) for reached in found]


@given(asked, st.integers(1, 86_400))
def test_a_longer_window_loses_nobody(case: Case, more: int) -> None:
    query, log = case
    longer = replace(query, window_seconds=min(query.window_seconds + more, 366 * 86_400))
    assert_no_more(users(query, log), users(longer, log))


@given(asked)
def test_an_exclusion_less_loses_nobody(case: Case) -> None:
    query, log = case
    assert_no_more(users(query, log), users(replace(query, exclusions=query.exclusions[1:]), log))


@given(asked, selectors())
def test_one_more_step_leaves_the_earlier_ones_alone(case: Case, step: object) -> None:
    query, log = case
    order = FunnelOrder.STRICT if query.order is FunnelOrder.STRICT else FunnelOrder.ORDERED
    query = replace(query, order=order)
    longer = replace(query, steps=(*query.steps, step))
    assert users(longer, log)[:-1] == users(query, log)


@given(asked)
def test_strict_reaches_no_more_than_ordered(case: Case) -> None:
    query, log = case
    strict, ordered = (replace(query, order=o) for o in (FunnelOrder.STRICT, FunnelOrder.ORDERED))
    assert_no_more(users(strict, log), users(ordered, log))


@given(asked)
def test_ordered_reaches_no_more_than_unordered(case: Case) -> None:
    query, log = case
    ordered = replace(query, order=FunnelOrder.ORDERED, exclusions=())
    assert_no_more(users(ordered, log), users(replace(ordered, order=FunnelOrder.UNORDERED), log))


@given(asked, st.permutations(range(4)))
def test_the_order_of_unordered_steps_changes_no_count(case: Case, places: list[int]) -> None:
    query, log = case
    query = replace(query, order=FunnelOrder.UNORDERED)
    mixed = tuple(query.steps[place] for place in places if place < len(query.steps))
    assert users(replace(query, steps=mixed), log) == users(query, log)


@given(asked, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(case: Case, random: Random) -> None:
    query, log = case
    once = list({event.event_id: event for event in log}.values())
    mixed = random.sample(once, len(once))
    assert count_funnel(query, mixed, NOW) == count_funnel(query, once, NOW)


@given(asked, st.sampled_from(USER_IDS))
def test_a_user_alone_fares_as_among_others(case: Case, user_id: str) -> None:
    query, log = case
    alone = users(query, [event for event in log if event.user_id == user_id])
    assert alone == [reached & {user_id} for reached in users(query, log)]


@given(asked)
def test_groups_add_up_to_the_whole(case: Case) -> None:
    query, log = case
    found = count_funnel(query, log, NOW)
    if query.breakdown is not None and query.breakdown.attribution is not Attribution.ALL:
        for number, step in enumerate(found.steps):
            assert sum(entry.steps[number].users for entry in found.groups) == step.users


@given(asked)
def test_who_reached_a_step_dropped_or_went_on(case: Case) -> None:
    query, log = case
    reached = users(query, log)
    for number in range(2, len(query.steps) + 1):
        cell = FunnelCell(step=number, outcome=FunnelOutcome.DROPPED)
        dropped = set(funnel_users(query, cell, log, NOW))
        assert dropped == reached[number - 2] - reached[number - 1]


@given(asked, st.integers(0, 80 * 86_400))
def test_every_cell_has_as_many_users_as_it_counts(case: Case, ago: int) -> None:
    query, log = case
    now = datetime.fromtimestamp(NOW.timestamp() - ago, UTC)
    found = count_funnel(query, log, now)
    counts = {ALL: found.steps, **{entry.group: entry.steps for entry in found.groups}}
    for group, steps in counts.items():
        for step in steps:
            cell = FunnelCell(step=step.step, group=group)
            assert len(funnel_users(query, cell, log, now)) == step.users
    cell = FunnelCell(outcome=FunnelOutcome.OPEN)
    assert len(funnel_users(query, cell, log, now)) == found.open_attempts
