"""Semantics 9.1 to 9.4: what a session is, and what is counted of the sessions of a range."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from statistics import median
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.sessions import (
    SessionFigures,
    SessionsCell,
    SessionsQuery,
    count_sessions,
    sessions_of,
    sessions_users,
)
from eventanalytics.domain.time import Bucket, Calendar, DateRange, Interval, TimeRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.contracts.rules import reference_of
from eventanalytics.testing.query_strategies import conditions
from eventanalytics.testing.sessions_strategies import (
    GAPS,
    SessionsQuestion,
    session_logs,
    session_worlds,
    sessions_questions,
)

replace = msgspec.structs.replace

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
TICK, MINUTE, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)
DAYS = DateRange(date(2025, 8, 20), date(2025, 8, 24))
FAR = datetime(2100, 1, 1, tzinfo=UTC)

asked = session_worlds().flatmap(
    lambda world: st.tuples(sessions_questions(world), session_logs(world))
)


def runs_of(query: SessionsQuery, log: Sequence[Event]) -> list[tuple[str, list[int]]]:
    """Take the longest beginning that is one session off a user's times, again and again.

    Times are in microseconds. Looks at every beginning, and at all of it each time.
    """
    within, epoch = query.within(), datetime(1970, 1, 1, tzinfo=UTC)
    found: list[tuple[str, list[int]]] = []
    for user in {event.user_id for event in log}:
        times = sorted(
            (event.occurred_at - epoch) // TICK
            for event in log
            if event.user_id == user
            and within.since <= event.occurred_at < within.until
            and all(one.matches(event) for one in query.where)
        )

        def is_one(part: list[int]) -> bool:
            gaps = [after - before for before, after in pairwise(part)]
            short = all(gap <= query.gap_seconds * 1_000_000 for gap in gaps)
            return short and max(part) - min(part) < 24 * 60 * 60 * 1_000_000

        while times:
            size = max(n for n in range(1, len(times) + 1) if is_one(times[:n]))
            found.append((user, times[:size]))
            times = times[size:]
    return found


def figures_of(runs: Sequence[tuple[str, list[int]]]) -> SessionFigures:
    """Say it all again with fractions."""
    lengths = [Fraction(times[-1] - times[0], 1_000_000) for _, times in runs]
    users = {user for user, _ in runs}
    events = sum(len(times) for _, times in runs)
    alone = [times for _, times in runs if len(times) == 1]
    return SessionFigures(
        sessions=len(runs),
        users=len(users),
        bounces=len(alone),
        events=events,
        sessions_per_user=float(Fraction(len(runs), len(users))) if runs else None,
        events_per_session=float(Fraction(events, len(runs))) if runs else None,
        bounce_share=float(Fraction(len(alone), len(runs))) if runs else None,
        average_seconds=float(sum(lengths) / len(runs)) if runs else None,
        median_seconds=float(median(lengths)) if runs else None,
    )


def beginning_in(
    bucket: Bucket, runs: Sequence[tuple[str, list[int]]]
) -> list[tuple[str, list[int]]]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [run for run in runs if bucket.start <= epoch + run[1][0] * TICK < bucket.end]


@given(asked)
async def test_each_bucket_has_the_sessions_that_begin_in_it(
    case: tuple[SessionsQuestion, list[Event]],
) -> None:
    question, log = case[0], await reference_of(case[1])
    query = question.query
    runs = runs_of(query, log)
    found = count_sessions(query, log, question.now)
    assert found.total == figures_of(runs)
    assert list(found.figures) == [
        figures_of(beginning_in(bucket, runs)) for bucket in query.buckets()
    ]


@given(asked)
async def test_the_users_of_a_cell_are_those_with_such_a_session(
    case: tuple[SessionsQuestion, list[Event]],
) -> None:
    question, log = case[0], await reference_of(case[1])
    query, cell = question.query, question.cell
    runs = runs_of(query, log)
    if cell.bucket is not None:
        runs = beginning_in(query.buckets()[cell.bucket], runs)
    expected = {user for user, times in runs if len(times) == 1 or not cell.bounces}
    found = sessions_users(query, cell, log, question.now)
    assert found == tuple(sorted(expected))


@given(asked)
async def test_every_event_is_in_one_session(case: tuple[SessionsQuestion, list[Event]]) -> None:
    query, log = case[0].query, await reference_of(case[1])
    sessions = list(sessions_of(query, query.gap_seconds, log))
    within = query.within()
    meant = [
        event
        for event in log
        if event.occurred_at in within and all(one.matches(event) for one in query.where)
    ]
    taken = [event.event_id for session in sessions for event in session.events]
    assert sorted(taken) == sorted(event.event_id for event in meant)
    for session in sessions:
        assert {event.user_id for event in session.events} == {session.user_id}
        assert list(session.events) == sorted(session.events, key=lambda event: event.order)
        assert session.microseconds < 24 * 60 * 60 * 1_000_000


@given(asked, st.sampled_from(GAPS))
async def test_a_longer_gap_never_makes_more_sessions(
    case: tuple[SessionsQuestion, list[Event]], other: int
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    shorter, longer = sorted((query.gap_seconds, other))
    few = count_sessions(replace(query, gap_seconds=longer), log, FAR).total
    many = count_sessions(replace(query, gap_seconds=shorter), log, FAR).total
    assert few.sessions <= many.sessions
    assert (few.users, few.events) == (many.users, many.events)


@given(asked)
async def test_buckets_add_up_to_the_total(case: tuple[SessionsQuestion, list[Event]]) -> None:
    query, log = case[0].query, await reference_of(case[1])
    found = count_sessions(query, log, FAR)
    for name in ("sessions", "bounces", "events"):
        parts = [getattr(figures, name) for figures in found.figures]
        assert sum(parts) == getattr(found.total, name)
    users = [figures.users for figures in found.figures]
    assert max(users, default=0) <= found.total.users <= sum(users)


@given(asked)
async def test_ratios_times_what_they_divide_by_are_the_counts(
    case: tuple[SessionsQuestion, list[Event]],
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    found = count_sessions(query, log, FAR)
    for one in (*found.figures, found.total):
        if one.sessions:
            assert round((one.events_per_session or 0) * one.sessions) == one.events
            assert round((one.sessions_per_user or 0) * one.users) == one.sessions
            assert round((one.bounce_share or 0) * one.sessions) == one.bounces
            assert one.users <= one.sessions <= one.events
        else:
            assert one == SessionFigures(0, 0, 0, 0, None, None, None, None, None)


@given(asked)
async def test_the_interval_changes_no_total(case: tuple[SessionsQuestion, list[Event]]) -> None:
    query, log = case[0].query, await reference_of(case[1])
    totals = [
        count_sessions(replace(query, interval=interval), log, FAR).total for interval in Interval
    ]
    assert totals == totals[:1] * len(totals)


@given(asked, st.randoms(use_true_random=False))
async def test_the_order_of_arrival_changes_nothing(
    case: tuple[SessionsQuestion, list[Event]], random: Random
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    mixed = random.sample(list(log), len(log))
    assert count_sessions(query, mixed, FAR) == count_sessions(query, log, FAR)


@given(asked)
async def test_the_users_of_the_total_are_those_of_all_buckets(
    case: tuple[SessionsQuestion, list[Event]],
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    found = count_sessions(query, log, FAR)
    everyone = sessions_users(query, SessionsCell(), log, FAR)
    assert len(everyone) == found.total.users
    busy = [index for index, figures in enumerate(found.figures) if figures.users]
    seen: set[str] = set()
    for index in busy:
        users = sessions_users(query, SessionsCell(bucket=index), log, FAR)
        assert len(users) == found.figures[index].users
        bouncers = sessions_users(query, SessionsCell(bucket=index, bounces=True), log, FAR)
        assert set(bouncers) <= set(users)
        assert bool(bouncers) == bool(found.figures[index].bounces)
        seen.update(users)
    assert seen == set(everyone)


@given(asked, conditions())
async def test_a_narrower_world_has_no_more_events(
    case: tuple[SessionsQuestion, list[Event]], condition: Condition
) -> None:
    """It may have more sessions: what is left out no longer bridges a gap."""
    query, log = case[0].query, await reference_of(case[1])
    narrower = replace(query, where=(*query.where, condition))
    less, more = count_sessions(narrower, log, FAR).total, count_sessions(query, log, FAR).total
    assert less.events <= more.events
    assert less.users <= more.users


def visits(*instants: datetime, user_id: str = "ann") -> list[Event]:
    return [
        Event(
            event_id=UUID(int=number),
            user_id=user_id,
            event_type="view",
            occurred_at=at,
            received_at=NOON,
        )
        for number, at in enumerate(instants)
    ]


def sizes(log: Sequence[Event], gap_seconds: int = 1800) -> list[int]:
    query = SessionsQuery(range=DAYS, gap_seconds=gap_seconds)
    return [len(session.events) for session in sessions_of(query, gap_seconds, log)]


def test_a_gap_of_exactly_the_bound_goes_on_and_a_microsecond_more_does_not() -> None:
    half = 30 * MINUTE
    assert sizes(visits(NOON, NOON + half)) == [2]
    assert sizes(visits(NOON, NOON + half + TICK)) == [1, 1]
    assert sizes(visits(NOON, NOON + half, NOON + 2 * half + TICK)) == [2, 1]


def test_a_session_is_cut_at_24_hours_from_its_first_event() -> None:
    every_hour = visits(*(NOON + n * HOUR for n in range(50)))
    assert sizes(every_hour, gap_seconds=3600) == [24, 24, 2]
    almost = visits(NOON, NOON + 12 * HOUR, NOON + 24 * HOUR - TICK, NOON + 24 * HOUR)
    assert sizes(almost, gap_seconds=43_200) == [3, 1]


def test_a_cut_begins_a_day_of_its_own() -> None:
    times = [NOON + hours * HOUR for hours in (0, 10, 20, 30, 40, 50, 54)]
    assert sizes(visits(*times), gap_seconds=36_000) == [3, 3, 1]


def test_midnight_cuts_nothing() -> None:
    midnight = datetime(2025, 8, 22, tzinfo=UTC)
    query = SessionsQuery(range=DAYS)
    found = count_sessions(query, visits(midnight - MINUTE, midnight + MINUTE), FAR)
    assert [figures.sessions for figures in found.figures] == [0, 1, 0, 0, 0]
    assert found.figures[1].median_seconds == 120.0


def test_events_of_one_instant_are_one_session_without_length() -> None:
    query = SessionsQuery(range=DAYS)
    found = count_sessions(query, visits(NOON, NOON, NOON), FAR).total
    assert (found.sessions, found.events, found.bounces) == (1, 3, 0)
    assert found.average_seconds == found.median_seconds == 0.0


def test_users_do_not_share_sessions() -> None:
    found = count_sessions(
        SessionsQuery(range=DAYS), visits(NOON) + visits(NOON, user_id="Ann"), FAR
    )
    assert (found.total.sessions, found.total.users, found.total.bounces) == (2, 2, 2)


def test_a_session_is_of_the_events_of_the_range_alone() -> None:
    within = TimeRange(NOON, NOON + HOUR)
    log = visits(*(NOON + n * 20 * MINUTE for n in range(-3, 6)))
    query = SessionsQuery(range=within, interval=Interval.HOUR)
    assert count_sessions(query, log, FAR).total.events == 3


def test_an_event_that_the_conditions_leave_out_bridges_no_gap() -> None:
    log = visits(NOON, NOON + 20 * MINUTE, NOON + 40 * MINUTE)
    log[1] = replace(log[1], event_type="ping")
    where = (Condition("$event_type", Operator.NEQ, "ping"),)
    assert count_sessions(SessionsQuery(range=DAYS), log, FAR).total.sessions == 1
    query = SessionsQuery(range=DAYS, where=where)
    assert count_sessions(query, log, FAR).total.sessions == 2


def test_lengths_are_exact_to_half_a_microsecond() -> None:
    log = visits(NOON, NOON + 100_000 * TICK) + visits(NOON, NOON + 300_001 * TICK, user_id="b")
    found = count_sessions(SessionsQuery(range=DAYS), log, FAR).total
    assert found.median_seconds == found.average_seconds == 0.2000005


def test_a_bucket_is_complete_when_the_range_holds_it_and_it_is_over() -> None:
    within = TimeRange(NOON, NOON + 60 * HOUR)
    found = count_sessions(SessionsQuery(range=within), [], NOON + 30 * HOUR)
    assert [bucket.complete for bucket in found.buckets] == [False, False, False]
    later = count_sessions(SessionsQuery(range=within), [], FAR)
    assert [bucket.complete for bucket in later.buckets] == [False, True, True]


def test_a_day_that_a_zone_left_out_has_no_bucket_and_no_sessions() -> None:
    apia = Calendar("Pacific/Apia")
    day = date(2011, 12, 30)
    found = count_sessions(SessionsQuery(range=DateRange(day, day), calendar=apia), [], FAR)
    assert (found.buckets, found.figures, found.total.sessions) == ((), (), 0)


@pytest.mark.parametrize("gap", [0, -1, 86_401])
def test_a_gap_out_of_bounds_is_refused(gap: int) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        SessionsQuery(range=DAYS, gap_seconds=gap)
    assert [(f.path, f.code) for f in caught.value.faults] == [("gap_seconds", "out_of_range")]


@pytest.mark.parametrize("gap", [1, 86_400])
def test_a_gap_within_bounds_is_taken(gap: int) -> None:
    assert SessionsQuery(range=DAYS, gap_seconds=gap).gap_seconds == gap


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        SessionsQuery(range=TimeRange(NOON, NOON))
    assert [(f.path, f.code) for f in caught.value.faults] == [("range", "invalid_range")]


@pytest.mark.parametrize("bucket", [-1, 5])
def test_a_cell_of_no_bucket_is_refused(bucket: int) -> None:
    query = SessionsQuery(range=DAYS)
    with pytest.raises(InvalidQueryError) as caught:
        sessions_users(query, SessionsCell(bucket=bucket), [], FAR)
    assert [(f.path, f.code) for f in caught.value.faults] == [("cell.bucket", "out_of_range")]
