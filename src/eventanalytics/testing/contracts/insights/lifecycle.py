"""The rules of lifecycle behind `Insights`."""

from hypothesis import given

from eventanalytics.domain.lifecycle import count_lifecycle, lifecycle_users
from eventanalytics.domain.selection import UserPage
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.lifecycle import LifecycleInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import NewProject, reference_of, rule
from eventanalytics.testing.lifecycle_strategies import LifecycleQuestion, lifecycle_questions


class LifecycleContract:
    """Lifecycle and the users of its cells.

    Source: docs/semantics.md, "Lifecycle and stickiness".
    """

    @rule
    @given(world=asked_worlds(lifecycle_questions))
    async def test_lifecycle_is_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: LifecycleInsights,
        new_project: NewProject,
        world: AskedWorld[LifecycleQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_lifecycle(query, await reference_of(world.log), now)
        assert await insights.lifecycle(project, query, now) == expected

    @rule
    @given(world=asked_worlds(lifecycle_questions))
    async def test_the_users_of_a_lifecycle_cell_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: LifecycleInsights,
        new_project: NewProject,
        world: AskedWorld[LifecycleQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = lifecycle_users(asked.query, asked.cell, await reference_of(world.log), asked.now)
        found = await insights.lifecycle_users(
            project, asked.query, asked.cell, asked.now, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)
