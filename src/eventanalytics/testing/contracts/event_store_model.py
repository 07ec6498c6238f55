"""An event store against the one in memory: any calls, in any order, get equal answers."""

from typing import TypeAlias
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.domain.filters import EventFilter
from eventanalytics.memory.event_store import InMemoryEventStore
from eventanalytics.ports.events import EventStore
from eventanalytics.testing.contracts.rules import (
    EVERYTHING,
    NewProject,
    assert_same_events,
    rule,
)
from eventanalytics.testing.query_strategies import event_filters
from eventanalytics.testing.strategies import World, event_ids, event_logs, worlds


class Append(msgspec.Struct, frozen=True):
    """Call `append` in one of two projects."""

    project: int
    events: list[Event]


class Get(msgspec.Struct, frozen=True):
    """Call `get`."""

    project: int
    event_id: UUID


class List(msgspec.Struct, frozen=True):
    """Call `list`, and where something came back, a second time from its end."""

    project: int
    wanted: EventFilter
    limit: int


Command: TypeAlias = Append | Get | List


def commands(world: World) -> st.SearchStrategy[list[Command]]:
    """Draw up to ten calls on two projects, with events and filters of *world*."""
    projects = st.integers(0, 1)
    filters = st.just(EVERYTHING) | event_filters(world)
    return st.lists(
        st.builds(Append, projects, event_logs(world, max_size=5))
        | st.builds(Get, projects, event_ids)
        | st.builds(List, projects, filters, st.integers(1, 4)),
        max_size=10,
    )


class EventStoreModelContract:
    """One rule: an event store cannot be told from `InMemoryEventStore`."""

    @rule
    @given(calls=worlds().flatmap(commands))
    async def test_any_calls_are_answered_as_from_memory(
        self, event_store: EventStore, new_project: NewProject, calls: list[Command]
    ) -> None:
        memory = InMemoryEventStore()
        projects = (await new_project(), await new_project())
        for call in calls:
            project = projects[call.project]
            match call:
                case Append():
                    verdicts = await event_store.append(project, call.events)
                    assert list(verdicts) == list(await memory.append(project, call.events))
                case Get():
                    found = await event_store.get(project, call.event_id)
                    known = await memory.get(project, call.event_id)
                    assert_same_events(_as_list(found), _as_list(known))
                case _:
                    await _assert_lists_as(memory, event_store, project, call)


async def _assert_lists_as(
    memory: InMemoryEventStore, event_store: EventStore, project: ProjectId, call: List
) -> None:
    found = await event_store.list(project, call.wanted, limit=call.limit)
    known = await memory.list(project, call.wanted, limit=call.limit)
    assert_same_events(found, known)
    if known:
        after, limit = known[-1].order, call.limit
        found = await event_store.list(project, call.wanted, limit=limit, after=after)
        known = await memory.list(project, call.wanted, limit=limit, after=after)
        assert_same_events(found, known)


def _as_list(event: Event | None) -> list[Event]:
    return [] if event is None else [event]
