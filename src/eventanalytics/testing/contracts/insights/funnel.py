"""The rules of funnels behind `Insights`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.funnel import count_funnel, funnel_users
from eventanalytics.domain.funnel_query import Exclusion, FunnelQuery
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics.domain.time import DateRange
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.funnel import FunnelInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
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

_TODAY = DateRange(NOON.date(), NOON.date())
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

    async def test_conditions_exclusions_and_repeated_steps_of_different_types_count(
        self, event_store: EventStore, insights: FunnelInsights, new_project: NewProject
    ) -> None:
        minute = timedelta(minutes=1)
        journeys = {
            "in UA": (("view", 0, "UA"), ("view", 1, "UA"), ("buy", 2, "UA")),
            "elsewhere": (("view", 0, "PL"), ("buy", 2, "PL")),
            "half in UA": (("view", 0, "PL"), ("view", 1, "UA"), ("buy", 2, "PL")),
            "left between": (("view", 0, "UA"), ("leave", 1, "UA"), ("buy", 2, "UA")),
            "once": (("view", 0, "UA"),),
        }
        moments = [(user, *moment) for user, times in journeys.items() for moment in times]
        log = [
            msgspec.structs.replace(
                SIGN_UP,
                event_id=UUID(int=number),
                user_id=user_id,
                event_type=event_type,
                occurred_at=NOON + at * minute,
                properties={"country": country},
            )
            for number, (user_id, event_type, at, country) in enumerate(moments)
        ]
        project = await project_of(event_store, new_project, log, [])
        in_ua = (Condition("country", Operator.EQ, "UA"),)
        view, buy = EventSelector("view"), EventSelector("buy")
        parts: list[tuple[dict[str, Any], list[int]]] = [
            ({"steps": (view, buy)}, [5, 4]),
            ({"steps": (view, buy), "where": in_ua}, [4, 2]),
            ({"steps": (EventSelector("view", in_ua), buy)}, [4, 3]),
            ({"steps": (view, EventSelector("buy", in_ua))}, [5, 2]),
            ({"steps": (view, view)}, [5, 2]),
            ({"steps": (view, EventSelector())}, [5, 4]),
            (
                {"steps": (view, buy), "exclusions": (Exclusion("leave"),)},
                [5, 3],
            ),
        ]
        for part, users in parts:
            query = FunnelQuery(range=_TODAY, **part)
            found = await insights.funnel(project, query, NOON)
            assert [step.users for step in found.steps] == users
            assert found == count_funnel(query, log, NOON)
