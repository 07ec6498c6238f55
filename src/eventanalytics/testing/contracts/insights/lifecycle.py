"""The rules of lifecycle behind `Insights`."""

from datetime import timedelta
from uuid import UUID, uuid5

import msgspec
from hypothesis import given

from eventanalytics.domain.lifecycle import (
    LifecycleCell,
    LifecycleClass,
    LifecycleQuery,
    count_lifecycle,
    lifecycle_users,
)
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.time import TimeRange
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.lifecycle import LifecycleInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.lifecycle_strategies import LifecycleQuestion, lifecycle_questions

_IDS = UUID(int=0)


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

    async def test_a_lifecycle_knows_the_past_and_the_bounds_of_the_range(
        self, event_store: EventStore, insights: LifecycleInsights, new_project: NewProject
    ) -> None:
        hour, day = timedelta(hours=1), timedelta(days=1)
        moments = {
            "before": (-day,),
            "cut off": (-hour,),
            "cut off with the beginning of the day": (-12 * hour,),
            "first": (0 * hour,),
            "cut off, then first": (-hour, 0 * hour),
            "before, then first": (-day, 0 * hour),
            "long ago, then first": (-9 * day, 0 * hour),
            "end": (day,),
            "first and last": (0 * hour, day - hour),
        }
        log = [
            msgspec.structs.replace(
                SIGN_UP, event_id=uuid5(_IDS, f"{user} {at}"), user_id=user, occurred_at=NOON + at
            )
            for user, times in moments.items()
            for at in times
        ]
        project = await project_of(event_store, new_project, log, [])
        query = LifecycleQuery(range=TimeRange(NOON, NOON + day))
        found = {
            (kind, bucket): (
                await insights.lifecycle_users(
                    project, query, LifecycleCell(kind, bucket), NOON, after=None, limit=10
                )
            ).users
            for kind in LifecycleClass
            for bucket in (0, 1)
        }
        assert found == {
            (LifecycleClass.NEW, 0): ("first", "first and last"),
            (LifecycleClass.NEW, 1): (),
            (LifecycleClass.RETURNING, 0): ("before, then first",),
            (LifecycleClass.RETURNING, 1): ("first and last",),
            (LifecycleClass.RESURRECTING, 0): ("cut off, then first", "long ago, then first"),
            (LifecycleClass.RESURRECTING, 1): (),
            (LifecycleClass.DORMANT, 0): ("before",),
            (LifecycleClass.DORMANT, 1): (
                "before, then first",
                "cut off, then first",
                "first",
                "long ago, then first",
            ),
        }

    async def test_who_was_new_and_stayed_away_resurrects(
        self, event_store: EventStore, insights: LifecycleInsights, new_project: NewProject
    ) -> None:
        day = timedelta(days=1)
        log = [
            msgspec.structs.replace(
                SIGN_UP, event_id=uuid5(_IDS, str(number)), occurred_at=NOON + number * day
            )
            for number in (0, 2)
        ]
        project = await project_of(event_store, new_project, log, [])
        query = LifecycleQuery(range=TimeRange(NOON, NOON + 3 * day))
        answer = await insights.lifecycle(project, query, NOON + 9 * day)
        assert answer.new == (1, 0, 0, 0)
        assert answer.dormant == (0, 1, 0, 1)
        assert answer.resurrecting == (0, 0, 1, 0)
        assert answer.returning == (0, 0, 0, 0)
