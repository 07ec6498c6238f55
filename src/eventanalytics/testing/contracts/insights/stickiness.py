"""The rules of stickiness behind `Insights`."""

from datetime import timedelta
from uuid import UUID, uuid5

import msgspec
from hypothesis import given

from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.stickiness import (
    StickinessCell,
    StickinessCount,
    StickinessQuery,
    count_stickiness,
    stickiness_users,
)
from eventanalytics.domain.time import TimeRange
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.stickiness import StickinessInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.lifecycle_strategies import StickinessQuestion, stickiness_questions

_IDS = UUID(int=0)


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

    async def test_a_bucket_counts_once_and_only_what_is_in_the_range(
        self, event_store: EventStore, insights: StickinessInsights, new_project: NewProject
    ) -> None:
        hour, day = timedelta(hours=1), timedelta(days=1)
        moments = {
            "one": (0 * hour, hour),
            "two": (0 * hour, day),
            "also two": (hour, day - hour, day),
            "before": (-hour,),
            "end": (2 * day,),
            "one and the end": (day, 2 * day),
        }
        log = [
            msgspec.structs.replace(
                SIGN_UP, event_id=uuid5(_IDS, f"{user} {at}"), user_id=user, occurred_at=NOON + at
            )
            for user, times in moments.items()
            for at in times
        ]
        project = await project_of(event_store, new_project, log, [])
        query = StickinessQuery(range=TimeRange(NOON, NOON + 2 * day))
        answer = await insights.stickiness(project, query, NOON)
        assert (answer.exactly, answer.at_least) == ((2, 2, 0), (4, 2, 0))
        users = {
            (buckets, count): (
                await insights.stickiness_users(
                    project, query, StickinessCell(buckets, count), NOON, after=None, limit=10
                )
            ).users
            for buckets in (1, 2)
            for count in StickinessCount
        }
        assert users == {
            (1, StickinessCount.EXACTLY): ("one", "one and the end"),
            (1, StickinessCount.AT_LEAST): ("also two", "one", "one and the end", "two"),
            (2, StickinessCount.EXACTLY): ("also two", "two"),
            (2, StickinessCount.AT_LEAST): ("also two", "two"),
        }
