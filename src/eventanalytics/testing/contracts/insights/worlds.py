"""The worlds that every question is asked in."""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.ports.events import EventStore
from eventanalytics.testing.contracts.rules import NewProject
from eventanalytics.testing.strategies import World, event_logs, worlds

_Query = TypeVar("_Query")


class AskedWorld(msgspec.Struct, Generic[_Query], frozen=True):
    """A query about a project, the events sent to it, and those sent to another project."""

    query: _Query
    log: list[Event]
    others: list[Event]


def asked_worlds(
    queries: Callable[[World], st.SearchStrategy[_Query]],
) -> st.SearchStrategy[AskedWorld[_Query]]:
    """Draw a query and two logs from one world."""
    return worlds().flatmap(
        lambda world: st.builds(
            AskedWorld[_Query], queries(world), event_logs(world), event_logs(world, max_size=3)
        )
    )


async def project_of(
    event_store: EventStore, new_project: NewProject, log: list[Event], others: list[Event]
) -> ProjectId:
    """Return a new project that holds *log*, beside another one that holds *others*."""
    project, other = await new_project(), await new_project()
    await event_store.append(project, log)
    await event_store.append(other, others)
    return project
