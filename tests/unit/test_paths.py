"""Semantics 9.5 to 9.9: what users do one after another within a session."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeAlias
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import NONE, OTHER, Group, GroupKind, group_of_value
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import MISSING, Condition, Operator, resolve
from eventanalytics.domain.paths import (
    PathDropoff,
    PathEdge,
    PathsCell,
    PathsQuery,
    PathsResult,
    count_paths,
    paths_users,
)
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.sessions import SessionsQuery, count_sessions, sessions_of
from eventanalytics.domain.time import DateRange, TimeRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.contracts.rules import reference_of
from eventanalytics.testing.paths_strategies import PathsQuestion, paths_questions
from eventanalytics.testing.sessions_strategies import session_logs, session_worlds

replace = msgspec.structs.replace

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAYS = DateRange(date(2025, 8, 20), date(2025, 8, 24))
FAR = datetime(2100, 1, 1, tzinfo=UTC)

asked = session_worlds().flatmap(
    lambda world: st.tuples(paths_questions(world), session_logs(world))
)


Node: TypeAlias = tuple[str, str]
"""Text and type of a value: what it is known and ordered by."""

Key: TypeAlias = tuple[int, Node] | tuple[int, Node, Node]
"""A drop-off (step, source) or an edge (step, source, target)."""


def node_of(group: Group) -> Node:
    return group.rank(0)[1:]


def path_by_hand(query: PathsQuery, own: Sequence[Event]) -> tuple[list[Node], bool] | None:
    """Walk through one session, event by event, with a few flags."""
    walked: list[Node] = []
    begun, ended = query.start is None, False
    for event in own:
        found = resolve(event, query.by)
        if found is MISSING or found is None or ended:
            continue
        node = node_of(group_of_value(found))
        begins = not begun and query.start is not None and query.start.matches(event)
        begun = begun or begins
        if not begun:
            continue
        ended = query.end is not None and not begins and query.end.matches(event)
        if not (query.collapse_repeats and walked and walked[-1] == node):
            walked.append(node)
    if not walked or (query.end is not None and not ended):
        return None
    if query.end is not None:
        while len(walked) > query.max_steps + 1:
            del walked[0]
        return walked, True
    return walked[: query.max_steps], len(walked) <= query.max_steps


def keys_by_hand(query: PathsQuery, log: Sequence[Event]) -> list[tuple[str, list[Key]]]:
    """Return, for each session with a path, its user and its edges and drop-off.

    The sessions are those that the tests of sessions hold to another opinion.
    """
    found: list[tuple[str, list[Key]]] = []
    for session in sessions_of(query, query.gap_seconds, log):
        path = path_by_hand(query, session.events)
        if path is not None:
            nodes, whole = path
            keys: list[Key] = [(i + 1, nodes[i], nodes[i + 1]) for i in range(len(nodes) - 1)]
            keys += [(len(nodes), nodes[-1])] if whole else []
            found.append((session.user_id, keys))
    return found


def shown_by_hand(query: PathsQuery, log: Sequence[Event], step: int, size: int) -> list[Key]:
    """Take the best one of a step that is left, as often as the limit allows."""
    keys = [key for _, found in keys_by_hand(query, log) for key in found]
    left = {key for key in keys if key[0] == step and len(key) == size}
    shown: list[Key] = []
    while left and len(shown) < query.limit:
        most = max(keys.count(key) for key in left)
        best = min(key for key in left if keys.count(key) == most)
        shown.append(best)
        left.remove(best)
    return shown


def answer_by_hand(query: PathsQuery, log: Sequence[Event], size: int) -> list[tuple[object, ...]]:
    """List the entries of an answer: edges for *size* 3, drop-offs for 2."""
    keys = [key for _, found in keys_by_hand(query, log) for key in found if len(key) == size]
    answer: list[tuple[object, ...]] = []
    for step in range(1, query.max_steps + 2):
        shown = shown_by_hand(query, log, step, size)
        answer += [(*key, keys.count(key)) for key in shown]
        folded = sum(key[0] == step and key not in shown for key in keys)
        answer += [(step, *["other"] * (size - 1), folded)] if folded else []
    return answer


def spelt(group: Group) -> Node | str:
    return "other" if group.kind is GroupKind.OTHER else node_of(group)


@given(asked)
async def test_edges_and_dropoffs_are_those_of_every_session(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    found = count_paths(query, log, FAR)
    assert found.sessions == len(keys_by_hand(query, log))
    edges = [(e.step, spelt(e.source), spelt(e.target), e.sessions) for e in found.edges]
    assert edges == answer_by_hand(query, log, 3)
    dropoffs = [(one.step, spelt(one.source), one.sessions) for one in found.dropoffs]
    assert dropoffs == answer_by_hand(query, log, 2)


@given(asked)
async def test_the_users_of_a_cell_are_those_with_such_a_session(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, cell, log = case[0].query, case[0].cell, await reference_of(case[1])
    size = 2 if cell.target is None else 3
    if cell.source == OTHER:
        shown = shown_by_hand(query, log, cell.step, size)
        expected = {
            user
            for user, keys in keys_by_hand(query, log)
            for key in keys
            if key[0] == cell.step and len(key) == size and key not in shown
        }
    else:
        groups = [cell.source] if cell.target is None else [cell.source, cell.target]
        wanted = (cell.step, *map(node_of, groups))
        expected = {user for user, keys in keys_by_hand(query, log) if wanted in keys}
    assert paths_users(query, cell, log, FAR) == tuple(sorted(expected))


@given(asked)
async def test_every_cell_of_the_answer_has_users(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    found = count_paths(query, log, FAR)
    for edge in found.edges:
        users = paths_users(query, PathsCell(edge.step, edge.source, edge.target), log, FAR)
        assert 1 <= len(users) <= edge.sessions
    for dropoff in found.dropoffs:
        users = paths_users(query, PathsCell(dropoff.step, dropoff.source), log, FAR)
        assert 1 <= len(users) <= dropoff.sessions


@given(asked)
async def test_who_reaches_a_node_goes_on_or_drops_off_there(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    """Without folding; at the last step that is kept, a session may also go on unseen."""
    query, log = replace(case[0].query, limit=1000), await reference_of(case[1])
    found = count_paths(query, log, FAR)
    into: dict[tuple[int, Group], int] = {}
    out_of: dict[tuple[int, Group], int] = {}
    for edge in found.edges:
        into[edge.step + 1, edge.target] = into.get((edge.step + 1, edge.target), 0) + edge.sessions
        out_of[edge.step, edge.source] = out_of.get((edge.step, edge.source), 0) + edge.sessions
    for one in found.dropoffs:
        out_of[one.step, one.source] = out_of.get((one.step, one.source), 0) + one.sessions
    last = query.max_steps if query.end is None else 0
    for (step, node), count in into.items():
        left = out_of.get((step, node), 0)
        assert left <= count if step == last else left == count
    first = sum(count for (step, _), count in out_of.items() if step == 1)
    assert first <= found.sessions if last == 1 else first == found.sessions


@given(asked)
async def test_the_sessions_of_a_step_go_on_from_the_step_before(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    found = count_paths(query, log, FAR)
    going = [found.sessions]
    for step in range(1, query.max_steps + 2):
        going.append(sum(edge.sessions for edge in found.edges if edge.step == step))
        gone = sum(one.sessions for one in found.dropoffs if one.step == step)
        assert going[-1] + gone <= going[-2]
    if query.end is not None:
        assert sum(one.sessions for one in found.dropoffs) == found.sessions


@given(asked, st.integers(1, 3))
async def test_a_limit_only_folds(case: tuple[PathsQuestion, list[Event]], limit: int) -> None:
    query, log = case[0].query, await reference_of(case[1])
    everything = count_paths(replace(query, limit=1000), log, FAR)
    found = count_paths(replace(query, limit=limit), log, FAR)
    assert found.sessions == everything.sessions
    for step in range(1, query.max_steps + 2):
        all_edges = [edge for edge in everything.edges if edge.step == step]
        edges = [edge for edge in found.edges if edge.step == step]
        assert edges[:limit] == all_edges[:limit]
        assert len(edges) <= limit + 1
        assert sum(edge.sessions for edge in edges) == sum(edge.sessions for edge in all_edges)
        all_gone = [one for one in everything.dropoffs if one.step == step]
        gone = [one for one in found.dropoffs if one.step == step]
        assert gone[:limit] == all_gone[:limit]
        assert sum(one.sessions for one in gone) == sum(one.sessions for one in all_gone)


@given(asked)
async def test_collapsing_repeats_never_lengthens_a_path(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, log = replace(case[0].query, limit=1000), await reference_of(case[1])
    plain = count_paths(replace(query, collapse_repeats=False), log, FAR)
    folded = count_paths(replace(query, collapse_repeats=True), log, FAR)
    assert folded.sessions == plain.sessions
    assert all(edge.source != edge.target for edge in folded.edges)
    for step in range(1, query.max_steps + 1):
        longer = sum(edge.sessions for edge in plain.edges if edge.step >= step)
        assert sum(edge.sessions for edge in folded.edges if edge.step >= step) <= longer


@given(asked)
async def test_more_steps_only_add_to_paths_without_an_end(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, log = replace(case[0].query, end=None), await reference_of(case[1])
    found = count_paths(query, log, FAR)
    longer = count_paths(replace(query, max_steps=query.max_steps + 1), log, FAR)
    assert found.sessions == longer.sessions
    assert found.edges == tuple(edge for edge in longer.edges if edge.step < query.max_steps)
    assert found.dropoffs == tuple(one for one in longer.dropoffs if one.step <= query.max_steps)


@given(asked)
async def test_paths_by_event_type_go_through_every_session(
    case: tuple[PathsQuestion, list[Event]],
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    query = replace(query, start=None, end=None, by="$event_type")
    sessions = count_sessions(
        SessionsQuery(
            range=query.range,
            calendar=query.calendar,
            where=query.where,
            gap_seconds=query.gap_seconds,
        ),
        log,
        FAR,
    )
    assert count_paths(query, log, FAR).sessions == sessions.total.sessions
    plain = replace(query, max_steps=20, collapse_repeats=False, limit=1000)
    bounces = sum(one.sessions for one in count_paths(plain, log, FAR).dropoffs if one.step == 1)
    assert bounces == sessions.total.bounces


@given(asked, st.randoms(use_true_random=False))
async def test_the_order_of_arrival_changes_nothing(
    case: tuple[PathsQuestion, list[Event]], random: Random
) -> None:
    query, log = case[0].query, await reference_of(case[1])
    mixed = random.sample(list(log), len(log))
    assert count_paths(query, mixed, FAR) == count_paths(query, log, FAR)


def did(*event_types: str, user_id: str = "ann", **properties: object) -> list[Event]:
    """Return one session, a minute between two events."""
    return [
        Event(
            event_id=UUID(int=number),
            user_id=user_id,
            event_type=event_type,
            occurred_at=NOON + number * MINUTE,
            received_at=NOON,
            properties=dict(properties),
        )
        for number, event_type in enumerate(event_types)
    ]


def value(text: object) -> Group:
    return group_of_value(text)  # type: ignore[arg-type]


def path(query: PathsQuery, log: Sequence[Event]) -> tuple[list[object], bool]:
    """Return the nodes of the one path of an answer, and whether it drops off."""
    found = count_paths(query, log, FAR)
    assert found.sessions == 1
    edges: list[object] = [edge.source.value for edge in found.edges]
    nodes = [*edges, found.edges[-1].target.value] if edges else []
    if not nodes:
        nodes = [one.source.value for one in found.dropoffs]
    assert [edge.step for edge in found.edges] == list(range(1, len(edges) + 1))
    return nodes, bool(found.dropoffs)


def test_the_first_steps_are_kept_and_who_goes_on_does_not_drop_off() -> None:
    log = did(*"abcdef")
    assert path(PathsQuery(range=DAYS), log) == (list("abcde"), False)
    assert path(PathsQuery(range=DAYS, max_steps=6), log) == (list("abcdef"), True)
    assert path(PathsQuery(range=DAYS, max_steps=7), log) == (list("abcdef"), True)


def test_a_path_begins_at_the_first_start_event() -> None:
    query = PathsQuery(range=DAYS, start=EventSelector("b"), max_steps=3)
    assert path(query, did(*"abcbd")) == (list("bcb"), False)
    assert count_paths(query, did(*"acd"), FAR) == PathsResult((), (), 0)


def test_a_path_ends_at_the_first_end_event_and_the_last_steps_before_it_are_kept() -> None:
    query = PathsQuery(range=DAYS, end=EventSelector("e"), max_steps=2)
    assert path(query, did(*"abcdexe")) == (list("cde"), True)
    assert path(query, did("e", "a")) == (["e"], True)
    assert count_paths(query, did(*"abc"), FAR) == PathsResult((), (), 0)


def test_the_end_comes_after_the_start() -> None:
    query = PathsQuery(range=DAYS, start=EventSelector("s"), end=EventSelector("e"))
    assert path(query, did(*"easbec")) == (list("sbe"), True)
    assert count_paths(query, did(*"eas"), FAR).sessions == 0
    same = replace(query, end=EventSelector("s"))
    assert path(same, did(*"asbsc")) == (list("sbs"), True)
    assert count_paths(same, did(*"asb"), FAR).sessions == 0


def test_with_both_ends_the_steps_before_the_end_are_kept() -> None:
    query = PathsQuery(range=DAYS, start=EventSelector("s"), end=EventSelector("e"), max_steps=2)
    assert path(query, did(*"sabce")) == (list("bce"), True)


def test_repeats_in_a_row_fold_into_one() -> None:
    query = PathsQuery(range=DAYS, collapse_repeats=True)
    assert path(query, did(*"aabbba")) == (list("aba"), True)
    assert path(replace(query, collapse_repeats=False), did(*"aab")) == (list("aab"), True)


def test_steps_are_counted_after_repeats_are_folded() -> None:
    query = PathsQuery(range=DAYS, collapse_repeats=True, max_steps=2)
    assert path(query, did(*"aaab")) == (list("ab"), True)
    assert path(replace(query, end=EventSelector("e")), did(*"xabbbe")) == (list("abe"), True)


def test_repeats_fold_after_a_path_is_cut() -> None:
    log = did(*"aaab")
    log[1] = replace(log[1], properties={"go": True})
    start = EventSelector("a", (Condition("go", Operator.EQ, value=True),))
    query = PathsQuery(range=DAYS, start=start, end=EventSelector("a"), collapse_repeats=True)
    assert path(query, log) == (["a"], True)


def test_events_without_the_value_are_left_out_but_hold_the_session_together() -> None:
    log = did(*"abcd")
    for index, page in enumerate(["home", None, ..., 1]):
        known = {} if page is ... else {"page": page}
        log[index] = replace(
            log[index], properties=known, occurred_at=NOON + index * timedelta(minutes=20)
        )
    assert path(PathsQuery(range=DAYS, by="page"), log) == (["home", 1], True)
    start = EventSelector("c")
    found = count_paths(PathsQuery(range=DAYS, by="page", start=start), log, FAR)
    assert found.sessions == 0


def test_an_event_type_called_other_is_not_what_is_folded() -> None:
    log = [
        *did("a", "b", user_id="1"),
        *did("a", "b", user_id="2"),
        *did("other", "other", user_id="3"),
        *did("c", "d", user_id="4"),
    ]
    found = count_paths(PathsQuery(range=DAYS, limit=2), log, FAR)
    assert found.edges == (
        PathEdge(1, value("a"), value("b"), 2),
        PathEdge(1, value("c"), value("d"), 1),
        PathEdge(1, OTHER, OTHER, 1),
    )
    assert found.dropoffs == (
        PathDropoff(2, value("b"), 2),
        PathDropoff(2, value("d"), 1),
        PathDropoff(2, OTHER, 1),
    )
    query = PathsQuery(range=DAYS, limit=2)
    assert paths_users(query, PathsCell(1, OTHER, OTHER), log, FAR) == ("3",)
    assert paths_users(query, PathsCell(2, OTHER), log, FAR) == ("3",)
    assert paths_users(query, PathsCell(1, value("other"), value("other")), log, FAR) == ("3",)
    assert paths_users(query, PathsCell(1, value("a"), value("b")), log, FAR) == ("1", "2")


def test_ties_are_by_the_text_of_the_source_then_of_the_target() -> None:
    pairs = [("b", "a"), ("B", "z"), ("a", "b"), ("a", "Z"), ("ä", "a"), ("_", "a")]
    log = [event for user, pair in enumerate(pairs) for event in did(*pair, user_id=str(user))]
    found = count_paths(PathsQuery(range=DAYS), log, FAR)
    assert [(edge.source.value, edge.target.value) for edge in found.edges] == [
        *(("B", "z"), ("_", "a"), ("a", "Z"), ("a", "b"), ("b", "a"), ("ä", "a"))
    ]


def test_values_of_one_text_are_different_nodes_by_their_type() -> None:
    log = [
        replace(event, properties={"v": known})
        for number, known in enumerate(["1", 1, "true", True, 1.0])
        for event in did("a", user_id=str(number))
    ]
    found = count_paths(PathsQuery(range=DAYS, by="v"), log, FAR)
    assert [(one.source, one.sessions) for one in found.dropoffs] == [
        (value(1), 2),
        (value("1"), 1),
        (value(True), 1),
        (value("true"), 1),
    ]


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"max_steps": 0}, "max_steps", "out_of_range"),
        ({"max_steps": 21}, "max_steps", "out_of_range"),
        ({"limit": 0}, "limit", "out_of_range"),
        ({"limit": 1001}, "limit", "out_of_range"),
        ({"gap_seconds": 0}, "gap_seconds", "out_of_range"),
        ({"by": ""}, "by", "empty_text"),
        ({"by": "a\0"}, "by", "nul_character"),
        ({"start": EventSelector("\0")}, "start.event", "nul_character"),
        ({"end": EventSelector("\ud800")}, "end.event", "invalid_unicode"),
        ({"range": TimeRange(NOON, NOON)}, "range", "invalid_range"),
    ],
)
def test_what_cannot_be_asked_is_refused(changed: dict[str, object], path: str, code: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        replace(PathsQuery(range=DAYS), **changed)
    assert [(f.path, f.code) for f in caught.value.faults] == [(path, code)]


@pytest.mark.parametrize("most", [{"max_steps": 20, "limit": 1000}, {"max_steps": 1, "limit": 1}])
def test_the_bounds_themselves_are_taken(most: dict[str, int]) -> None:
    replace(PathsQuery(range=DAYS), **most)


@pytest.mark.parametrize(
    ("source", "target", "path"),
    [
        (NONE, None, "cell.source"),
        (NONE, OTHER, "cell.source"),
        (value("a"), OTHER, "cell.target"),
        (OTHER, value("a"), "cell.target"),
        (value("a"), NONE, "cell.target"),
    ],
)
def test_groups_that_are_no_nodes_are_refused(
    source: Group, target: Group | None, path: str
) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        PathsCell(1, source, target)
    assert [(f.path, f.code) for f in caught.value.faults] == [(path, "invalid_group")]


@pytest.mark.parametrize(
    ("end", "target", "last"), [(None, None, 3), (None, "b", 2), ("e", None, 4), ("e", "b", 3)]
)
def test_a_step_beyond_the_paths_is_refused(end: str | None, target: str | None, last: int) -> None:
    selector = None if end is None else EventSelector(end)
    query = PathsQuery(range=DAYS, max_steps=3, end=selector)
    for step in (1, last):
        group = None if target is None else value(target)
        assert paths_users(query, PathsCell(step, value("a"), group), [], FAR) == ()
    for step in (0, last + 1):
        group = None if target is None else value(target)
        with pytest.raises(InvalidQueryError) as caught:
            paths_users(query, PathsCell(step, value("a"), group), [], FAR)
        assert [(f.path, f.code) for f in caught.value.faults] == [("cell.step", "out_of_range")]
