"""The rules of stickiness behind `Insights`."""

from hypothesis import given

from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.stickiness import count_stickiness, stickiness_users
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.stickiness import StickinessInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import NewProject, reference_of, rule
from eventanalytics.testing.lifecycle_strategies import StickinessQuestion, stickiness_questions


class StickinessContract:
    """Stickiness and the users of its cells.

    Source: docs/semantics.md, "Lifecycle and stickiness".
    """

    @rule
    @given(world=asked_worlds(stickiness_questions))
    async def test_stickiness_is_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: StickinessInsights,
        new_project: NewProject,
        world: AskedWorld[StickinessQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_stickiness(query, await reference_of(world.log), now)
        assert await insights.stickiness(project, query, now) == expected

    @rule
    @given(world=asked_worlds(stickiness_questions))
    async def test_the_users_of_a_stickiness_cell_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: StickinessInsights,
        new_project: NewProject,
        world: AskedWorld[StickinessQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = stickiness_users(asked.query, asked.cell, await reference_of(world.log), asked.now)
        found = await insights.stickiness_users(
            project, asked.query, asked.cell, asked.now, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)
