"""Paths: what users do one after another within a session, as steps and the edges between them.

Source: docs/semantics.md, "Sessions and paths".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice, pairwise
from typing import TypeAlias

import msgspec

from eventanalytics.domain.breakdowns import OTHER, Group, GroupKind, group_of
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import EVENT_TYPE
from eventanalytics.domain.json_values import character_faults
from eventanalytics.domain.selection import EventSelector, Question
from eventanalytics.domain.sessions import Session, gap_faults, sessions_of
from eventanalytics.errors import Fault, InvalidQueryError

MAX_STEPS = 20
MAX_EDGES = 1000

EdgeKey: TypeAlias = tuple[int, Group, Group | None]
"""The step of an edge's source, from 1; the source; the target, None for a drop-off."""


class PathsQuery(Question, frozen=True, kw_only=True):
    """The paths through the sessions of a range.

    Raises:
        InvalidQueryError: `max_steps` is not from 1 to 20, `limit` not from 1 to 1000,
            `gap_seconds` not from 1 to 86,400, `by` is empty, or a text is one that no event has.
    """

    start: EventSelector | None = None
    """Where a path begins: at the first such event of its session; None means the first event."""
    end: EventSelector | None = None
    """Where a path ends: at the first such event (after that of `start`); None means nowhere."""
    max_steps: int = 5
    """How many nodes are kept: the first ones, or with `end` the last ones before the end event."""
    limit: int = 50
    """How many edges, and how many drop-offs, stay of each step; the others are folded into one."""
    by: str = EVENT_TYPE
    """The property whose values are the nodes; an event without a value is left out of a path."""
    collapse_repeats: bool = False
    """Whether equal nodes in a row are one."""
    gap_seconds: int = 1800

    def __post_init__(self) -> None:
        faults = self.faults() + gap_faults(self.gap_seconds)
        for path, number, most in (
            ("max_steps", self.max_steps, MAX_STEPS),
            ("limit", self.limit, MAX_EDGES),
        ):
            if not 1 <= number <= most:
                faults.append(Fault(path, "out_of_range", f"must be from 1 to {most}"))
        faults += character_faults(self.by, "by")
        if not self.by:
            faults.append(Fault("by", "empty_text", "must not be empty"))
        for path, selector in (("start", self.start), ("end", self.end)):
            faults += [] if selector is None else selector.faults(path)
        if faults:
            raise InvalidQueryError(faults)


class PathEdge(msgspec.Struct, frozen=True):
    """How many sessions go from `source`, their node number `step` (from 1), to `target` next.

    Both are groups of the kind VALUE, or both are of the kind OTHER: all edges of the step that are
    not among its biggest. (An event type that is called "other" is a value.)
    """

    step: int
    source: Group
    target: Group
    sessions: int


class PathDropoff(msgspec.Struct, frozen=True):
    """How many sessions have `source` as their node number `step`, and nothing after it.

    The kind of `source` is VALUE, or OTHER for all drop-offs of the step that are not among its
    biggest.
    """

    step: int
    source: Group
    sessions: int


class PathsResult(msgspec.Struct, frozen=True):
    """Edges and drop-offs, step by step, in each the biggest first and `other` last.

    Ties are by the source's text, then its type, then by those of the target.
    """

    edges: tuple[PathEdge, ...]
    dropoffs: tuple[PathDropoff, ...]
    sessions: int
    """The sessions that have a path: at least one node, and the events that were asked for."""


class PathsCell(msgspec.Struct, frozen=True):
    """An edge, or without `target` a drop-off, to ask for its users.

    Groups of the kind VALUE are asked for whether the answer shows or folds them; `OTHER` means
    all that the answer folds.

    Raises:
        InvalidQueryError: The kinds of the groups are no edge's.
    """

    step: int
    source: Group
    target: Group | None = None

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        if self.source.kind not in {GroupKind.VALUE, GroupKind.OTHER}:
            faults.append(Fault("cell.source", "invalid_group", "must be a value, or other"))
        elif self.target is not None and self.target.kind is not self.source.kind:
            message = "must be a value where the source is one, and other where it is other"
            faults.append(Fault("cell.target", "invalid_group", message))
        if faults:
            raise InvalidQueryError(faults)

    def check(self, query: PathsQuery) -> None:
        """Refuse a cell that the answer to *query* has not.

        Raises:
            InvalidQueryError: The paths are not so long.
        """
        nodes = query.max_steps + (query.end is not None)
        steps = nodes if self.target is None else nodes - 1
        if not 1 <= self.step <= steps:
            message = f"is none of the {steps} steps of such a cell"
            raise InvalidQueryError.of("cell.step", "out_of_range", message)


class Path(msgspec.Struct, frozen=True):
    """The nodes of a session that are kept, at least one, and whether nothing comes after them."""

    nodes: tuple[Group, ...]
    is_whole: bool

    def edges(self) -> Iterator[EdgeKey]:
        """Yield the edges, in order; each has another step."""
        for step, (source, target) in enumerate(pairwise(self.nodes), start=1):
            yield step, source, target

    def dropoffs(self) -> Iterator[EdgeKey]:
        """Yield where the session drops off: at the last node, unless it goes on beyond it."""
        if self.is_whole:
            yield len(self.nodes), self.nodes[-1], None


def count_paths(
    query: PathsQuery,
    events: Iterable[Event],
    now: datetime,  # noqa: ARG001 - what has happened does not depend on it
) -> PathsResult:
    """Count how many sessions go from node to node, and how many drop off at each.

    *events* may come in any order. Unit: sessions, of the range's events alone.
    """
    edges: Counter[EdgeKey] = Counter()
    dropoffs: Counter[EdgeKey] = Counter()
    sessions = 0
    for _, path in _paths(query, events):
        sessions += 1
        edges.update(path.edges())
        dropoffs.update(path.dropoffs())
    return paths_result(_folded(edges, query.limit), _folded(dropoffs, query.limit), sessions)


def paths_users(
    query: PathsQuery,
    cell: PathsCell,
    events: Iterable[Event],
    now: datetime,  # noqa: ARG001 - what has happened does not depend on it
) -> tuple[str, ...]:
    """Return the users with a session that has this edge or drops off here, by their code points.

    Raises:
        InvalidQueryError: The paths are not so long.
    """
    cell.check(query)
    found = [
        (session.user_id, key)
        for session, path in _paths(query, events)
        for key in (path.dropoffs() if cell.target is None else path.edges())
        if key[0] == cell.step
    ]
    if cell.source.kind is GroupKind.OTHER:
        shown = _biggest(Counter(key for _, key in found), query.limit)
        users = {user for user, key in found if key not in shown}
    else:
        users = {user for user, key in found if key == (cell.step, cell.source, cell.target)}
    return tuple(sorted(users))


def path_of(query: PathsQuery, session: Session) -> Path | None:
    """Return the path through *session*; None when it has not what is asked for.

    Events without a value of `by` are left out first. Then the rest is cut: it begins at the first
    event of `start`, and ends at the first event of `end` that comes after that one. Only then do
    repeats fold, and at last the nodes of the first or the last steps are kept.
    """
    visits = [(event, group_of(event, query.by)) for event in session.events]
    visits = [(event, node) for event, node in visits if node.kind is GroupKind.VALUE]
    if query.start is not None:
        first = _first(query.start, visits, 0)
        visits = [] if first is None else visits[first:]
    if query.end is not None:
        last = _first(query.end, visits, 0 if query.start is None else 1)
        visits = [] if last is None else visits[: last + 1]
    nodes = tuple(node for _, node in visits)
    if query.collapse_repeats:
        nodes = tuple(node for node, _ in groupby(nodes))
    if not nodes:
        return None
    if query.end is not None:
        return Path(nodes[-query.max_steps - 1 :], is_whole=True)
    return Path(nodes[: query.max_steps], is_whole=len(nodes) <= query.max_steps)


def paths_result(
    edges: Mapping[EdgeKey, int], dropoffs: Mapping[EdgeKey, int], sessions: int
) -> PathsResult:
    """Return the answer, given the counts of what is shown, the folded ones under `OTHER`."""
    return PathsResult(
        tuple(
            PathEdge(step, source, target, count)
            for (step, source, target), count in _ranked(edges)
            if target is not None
        ),
        tuple(PathDropoff(step, source, count) for (step, source, _), count in _ranked(dropoffs)),
        sessions,
    )


def _paths(query: PathsQuery, events: Iterable[Event]) -> Iterator[tuple[Session, Path]]:
    for session in sessions_of(query, query.gap_seconds, events):
        path = path_of(query, session)
        if path is not None:
            yield session, path


def _first(
    selector: EventSelector, visits: Sequence[tuple[Event, Group]], start: int
) -> int | None:
    """Return the index, from *start* on, of the first event meant; None without any."""
    found = (i for i in range(start, len(visits)) if selector.matches(visits[i][0]))
    return next(found, None)


def _folded(counts: Mapping[EdgeKey, int], limit: int) -> Mapping[EdgeKey, int]:
    """Return the biggest of each step, and all others of a step as one."""
    shown = _biggest(counts, limit)
    folded: Counter[EdgeKey] = Counter()
    for key, count in counts.items():
        step, _, target = key
        other = (step, OTHER, None if target is None else OTHER)
        folded[key if key in shown else other] += count
    return folded


def _biggest(counts: Mapping[EdgeKey, int], limit: int) -> set[EdgeKey]:
    """Return the *limit* biggest of each step."""
    by_step = groupby(_ranked(counts), key=lambda entry: entry[0][0])
    return {key for _, entries in by_step for key, _ in islice(entries, limit)}


def _ranked(counts: Mapping[EdgeKey, int]) -> Sequence[tuple[EdgeKey, int]]:
    """Return the entries step by step, the biggest first, ties by text; what is folded last."""

    def rank(entry: tuple[EdgeKey, int]) -> tuple[object, ...]:
        (step, source, target), count = entry
        texts = source.rank(0) + (() if target is None else target.rank(0))
        return (step, source.kind is GroupKind.OTHER, -count, texts)

    return sorted(counts.items(), key=rank)
