"""The rules of paths behind `Insights`."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import OTHER, group_of_value
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.paths import PathsCell, PathsQuery, count_paths, paths_users
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics.domain.time import DateRange
from eventanalytics.errors import InvalidQueryError
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.paths import PathsInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.paths_strategies import PathsQuestion, paths_questions
from eventanalytics.testing.sessions_strategies import session_logs, session_worlds
from eventanalytics.testing.strategies import event_logs

_WEEK = DateRange(NOON.date(), NOON.date() + timedelta(days=6))
_MINUTE = timedelta(minutes=1)

_asked = session_worlds().flatmap(
    lambda drawn: st.builds(
        AskedWorld[PathsQuestion],
        paths_questions(drawn),
        session_logs(drawn),
        event_logs(drawn.world, max_size=3),
    )
)


class PathsContract:
    """Paths and the users behind them. Source: docs/semantics.md, "Sessions and paths"."""

    @rule
    @given(world=_asked)
    async def test_paths_are_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: PathsInsights,
        new_project: NewProject,
        world: AskedWorld[PathsQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query = world.query.query
        expected = count_paths(query, await reference_of(world.log), NOON)
        found = await insights.paths(project, query, NOON)
        assert found == expected
        assert repr(found) == repr(expected)

    @rule
    @given(world=_asked)
    async def test_the_users_of_a_paths_cell_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: PathsInsights,
        new_project: NewProject,
        world: AskedWorld[PathsQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = paths_users(asked.query, asked.cell, await reference_of(world.log), NOON)
        found = await insights.paths_users(
            project, asked.query, asked.cell, NOON, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)

    async def test_a_new_project_has_no_paths(
        self, insights: PathsInsights, new_project: NewProject
    ) -> None:
        query = PathsQuery(range=_WEEK)
        found = await insights.paths(await new_project(), query, NOON)
        assert found == count_paths(query, [], NOON)

    async def test_events_of_one_instant_follow_each_other_as_they_were_received(
        self, event_store: EventStore, insights: PathsInsights, new_project: NewProject
    ) -> None:
        log = [
            msgspec.structs.replace(
                SIGN_UP,
                event_id=UUID(int=number),
                event_type=event_type,
                received_at=NOON + received * _MINUTE,
            )
            for number, event_type, received in [
                *((9, "a", 0), (2, "b", 1), (2**127, "c", 2), (2**64, "d", 2), (5, "e", 3))
            ]
        ]
        project = await project_of(event_store, new_project, log, [])
        query = PathsQuery(range=_WEEK, max_steps=20)
        found = await insights.paths(project, query, NOON)
        assert [edge.source.value for edge in found.edges] == ["a", "b", "d", "c"]
        assert found == count_paths(query, log, NOON)

    async def test_nodes_of_one_size_are_in_the_order_of_code_points(
        self, event_store: EventStore, insights: PathsInsights, new_project: NewProject
    ) -> None:
        """Values of every type, as the sources of edges, as their targets, and as drop-offs."""
        values = [
            *("a", "B", "ä", "_", "A b", "Z", "~", "ﬀ", "\N{GRINNING FACE}", "aa", "A", "", "1"),
            *(1, 10, 2, 1.5, True, "true", "other", {"b": 1}, [1], "[1]", -1, 1e300, 1e-7, 2.0**60),
        ]
        log = [
            msgspec.structs.replace(
                SIGN_UP,
                event_id=UUID(int=len(values) * 2 * index + place),
                user_id=str(index),
                occurred_at=NOON + place * _MINUTE,
                properties={"v": pair[place]},
            )
            for index, pair in enumerate(
                [*((value, "last") for value in values), *(("!", value) for value in values)]
            )
            for place in (0, 1)
        ]
        project = await project_of(event_store, new_project, log, [])
        for limit in (*range(1, 2 * len(values)), 1000):  # a cut between any two of them
            query = PathsQuery(range=_WEEK, by="v", limit=limit)
            found = await insights.paths(project, query, NOON)
            expected = count_paths(query, log, NOON)
            assert repr(found) == repr(expected)
            is_folded = any(edge.source == OTHER for edge in found.edges)
            assert len(found.edges) == limit + 1 if is_folded else len(found.edges) <= limit
            for cell in (PathsCell(1, OTHER, OTHER), PathsCell(2, OTHER)):
                users = paths_users(query, cell, log, NOON)
                after = users[0] if users else None
                page = await insights.paths_users(
                    project, query, cell, NOON, after=after, limit=1000
                )
                assert page == UserPage.of(users, after=after, limit=1000)

    async def test_an_event_type_called_other_is_not_what_is_folded(
        self, event_store: EventStore, insights: PathsInsights, new_project: NewProject
    ) -> None:
        went = {"1": ("a", "b"), "2": ("a", "b"), "3": ("a", "c"), "4": ("other", "b"), "5": ("a",)}
        log = [event for user_id, types in went.items() for event in _did(*types, user_id=user_id)]
        log += [  # one user with more sessions than two others
            msgspec.structs.replace(
                event,
                event_id=UUID(int=event.event_id.int + 10 * day),
                occurred_at=event.occurred_at + timedelta(days=day),
            )
            for event in _did("a", "c", user_id="3")
            for day in (1, 2)
        ]
        project = await project_of(event_store, new_project, log, [])
        query = PathsQuery(range=_WEEK, limit=1)
        found = await insights.paths(project, query, NOON)
        assert [edge.source for edge in found.edges] == [group_of_value("a"), OTHER]
        first, b, other = group_of_value("a"), group_of_value("b"), group_of_value("other")
        for cell, users in (
            (PathsCell(1, OTHER, OTHER), ("1", "2", "4")),
            (PathsCell(1, other, b), ("4",)),
            (PathsCell(1, first, b), ("1", "2")),
            (PathsCell(1, first), ("5",)),
            (PathsCell(2, b), ("1", "2", "4")),
            (PathsCell(2, OTHER), ("3",)),
        ):
            page = await insights.paths_users(project, query, cell, NOON, after=None, limit=9)
            assert page == UserPage(users, len(users))

    async def test_a_path_is_of_the_events_that_count(
        self, event_store: EventStore, insights: PathsInsights, new_project: NewProject
    ) -> None:
        """Beside them the user has events of another type, and others in another project."""
        log, elsewhere = _did("a", "ping", "b", "ping", "c"), _did("x", "y", "z", "x", "y")
        project = await project_of(event_store, new_project, log, elsewhere)
        where = (Condition("$event_type", Operator.NEQ, "ping"),)
        query = PathsQuery(range=_WEEK, where=where)
        found = await insights.paths(project, query, NOON)
        assert found == count_paths(query, log, NOON)
        assert [edge.target.value for edge in found.edges] == ["b", "c"]

    async def test_a_long_session_is_walked_to_its_end(
        self, event_store: EventStore, insights: PathsInsights, new_project: NewProject
    ) -> None:
        pages = [f"page {n // 3 % 40}" for n in range(600)]
        log = _did("x", "end", "start", *pages, "end", "start", "x", "end")
        project = await project_of(event_store, new_project, log, [])
        for start in (None, EventSelector("start")):
            for end in (None, EventSelector("end"), EventSelector("start")):
                plain = PathsQuery(range=_WEEK, start=start, end=end, max_steps=20)
                for query in (plain, msgspec.structs.replace(plain, collapse_repeats=True)):
                    found = await insights.paths(project, query, NOON)
                    assert found == count_paths(query, log, NOON)
                    assert found.sessions == 1

    async def test_a_paths_cell_that_the_answer_has_not_is_refused(
        self, insights: PathsInsights, new_project: NewProject
    ) -> None:
        with pytest.raises(InvalidQueryError):
            await insights.paths_users(
                await new_project(),
                PathsQuery(range=_WEEK),
                PathsCell(6, OTHER),
                NOON,
                after=None,
                limit=1,
            )


def _did(*event_types: str, user_id: str = "ann") -> list[Event]:
    """Return one session of a user, a minute between two events."""
    return [
        msgspec.structs.replace(
            SIGN_UP,
            event_id=UUID(int=(int.from_bytes(user_id.encode(), "big") << 32) + number),
            user_id=user_id,
            event_type=event_type,
            occurred_at=NOON + number * _MINUTE,
        )
        for number, event_type in enumerate(event_types)
    ]
