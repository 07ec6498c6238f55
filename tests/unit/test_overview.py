"""Quick statistics, overview: how much there is, from when to when."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.overview import Overview, summarise
from eventanalytics.testing.query_strategies import segments
from eventanalytics.testing.strategies import distinct_event_logs, worlds

EMPTY = Overview(events=0, users=0, event_types=0, first_event_at=None, last_event_at=None)
logs = worlds().flatmap(distinct_event_logs)


@given(segments, logs)
def test_the_overview_counts_the_events_of_the_segment(
    where: tuple[Condition, ...], log: list[Event]
) -> None:
    left = sorted(
        (event for event in log if all(condition.matches(event) for condition in where)),
        key=lambda event: event.occurred_at,
    )
    users, event_types = [], []
    for event in left:
        users += [event.user_id] if event.user_id not in users else []
        event_types += [event.event_type] if event.event_type not in event_types else []
    found = summarise(where, log)
    assert (found.events, found.users, found.event_types) == (
        len(left),
        len(users),
        len(event_types),
    )
    assert found.first_event_at == (left[0].occurred_at if left else None)
    assert found.last_event_at == (left[-1].occurred_at if left else None)


@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(log: list[Event], random: Random) -> None:
    assert summarise((), random.sample(log, len(log))) == summarise((), log)


def test_without_events_there_are_no_times() -> None:
    assert summarise((), []) == EMPTY
    assert EMPTY.first_event_at is None


@given(segments)
def test_no_segment_finds_events_where_there_are_none(where: tuple[Condition, ...]) -> None:
    assert summarise(where, iter(())) == EMPTY


@given(logs)
def test_events_may_be_read_only_once(log: list[Event]) -> None:
    assert summarise((), iter(log)) == summarise((), log)
    assert all(event.occurred_at > datetime(1970, 1, 1, tzinfo=UTC) for event in log)
