"""The rules of funnels behind `Insights`."""

from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.funnel import count_funnel, funnel_users
from eventanalytics.domain.selection import UserPage
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.funnel import FunnelInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, project_of
from eventanalytics.testing.contracts.rules import NewProject, reference_of, rule
from eventanalytics.testing.funnel_strategies import (
    FunnelQuestion,
    busy_events,
    excluding_funnel_queries,
    funnel_questions,
    grouped_funnel_queries,
    grouped_logs,
    journey_logs,
    plain_funnel_queries,
    tied_logs,
)
from eventanalytics.testing.strategies import worlds

_asked = worlds().flatmap(
    lambda world: st.builds(
        AskedWorld[FunnelQuestion],
        funnel_questions(world),
        journey_logs(world),
        journey_logs(world, max_size=3),
    )
)
_grouped = worlds().flatmap(
    lambda world: st.builds(
        AskedWorld[FunnelQuestion],
        funnel_questions(world, grouped_funnel_queries(world)),
        grouped_logs(world),
        journey_logs(world, max_size=3),
    )
)
_plain = worlds().flatmap(
    lambda world: st.builds(
        AskedWorld[FunnelQuestion],
        funnel_questions(world, plain_funnel_queries(world)),
        tied_logs(world),
        journey_logs(world, max_size=3),
    )
)
_excluding = worlds().flatmap(
    lambda world: st.builds(
        AskedWorld[FunnelQuestion],
        funnel_questions(world, excluding_funnel_queries(world)),
        st.lists(busy_events(world), min_size=6, max_size=14),
        journey_logs(world, max_size=3),
    )
)


class FunnelContract:
    """Funnels and the users of their cells. Source: docs/semantics.md, "Funnels"."""

    @rule
    @given(world=_asked)
    async def test_a_funnel_is_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: FunnelInsights,
        new_project: NewProject,
        world: AskedWorld[FunnelQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_funnel(query, await reference_of(world.log), now)
        assert await insights.funnel(project, query, now) == expected

    @rule
    @given(world=_grouped)
    async def test_groups_of_a_funnel_are_those_of_the_domain(
        self,
        event_store: EventStore,
        insights: FunnelInsights,
        new_project: NewProject,
        world: AskedWorld[FunnelQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_funnel(query, await reference_of(world.log), now)
        assert await insights.funnel(project, query, now) == expected

    @rule
    @given(world=_excluding)
    async def test_a_funnel_minds_its_exclusions(
        self,
        event_store: EventStore,
        insights: FunnelInsights,
        new_project: NewProject,
        world: AskedWorld[FunnelQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_funnel(query, await reference_of(world.log), now)
        assert await insights.funnel(project, query, now) == expected

    @rule
    @given(world=_plain)
    async def test_a_funnel_of_plain_steps_minds_the_order_of_ties(
        self,
        event_store: EventStore,
        insights: FunnelInsights,
        new_project: NewProject,
        world: AskedWorld[FunnelQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_funnel(query, await reference_of(world.log), now)
        assert await insights.funnel(project, query, now) == expected

    @rule
    @given(world=_asked | _grouped | _plain)
    async def test_the_users_of_a_cell_of_a_funnel_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: FunnelInsights,
        new_project: NewProject,
        world: AskedWorld[FunnelQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = funnel_users(asked.query, asked.cell, await reference_of(world.log), asked.now)
        found = await insights.funnel_users(
            project, asked.query, asked.cell, asked.now, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)
