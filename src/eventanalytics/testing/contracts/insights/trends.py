"""The rules of trends behind `Insights`."""

from datetime import timedelta
from itertools import product
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import Breakdown, GroupKind
from eventanalytics.domain.events import Event
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.time import DateRange
from eventanalytics.domain.trends import count_trends, trends_users
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.trends import TrendsInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.strategies import worlds
from eventanalytics.testing.trends_strategies import (
    TrendsQuestion,
    active_logs,
    active_queries,
    measured_logs,
    number_logs,
    number_queries,
    trends_questions,
)

_TODAY = DateRange(NOON.date(), NOON.date())

_asked = worlds().flatmap(
    lambda world: st.builds(
        AskedWorld[TrendsQuestion],
        trends_questions(world),
        measured_logs(world),
        measured_logs(world, max_size=3),
    )
)


class TrendsContract:
    """Trends and the users of their cells. Source: docs/semantics.md, "Trends".

    Answers are compared to the last bit of every float, and 1 is not 1.0.
    """

    @rule
    @given(world=_asked)
    async def test_a_trend_is_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: TrendsInsights,
        new_project: NewProject,
        world: AskedWorld[TrendsQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_trends(query, await reference_of(world.log), now)
        found = await insights.trends(project, query, now)
        assert found == expected
        assert repr(found) == repr(expected)

    @rule
    @given(query=active_queries(), log=active_logs())
    async def test_a_user_is_active_once_in_each_window(
        self,
        event_store: EventStore,
        insights: TrendsInsights,
        new_project: NewProject,
        query: TrendsQuery,
        log: list[Event],
    ) -> None:
        project = await project_of(event_store, new_project, log, [])
        found = await insights.trends(project, query, NOON)
        assert found == count_trends(query, log, NOON)

    @rule
    @given(query=number_queries(), log=number_logs())
    async def test_numbers_are_measured_to_the_last_bit(
        self,
        event_store: EventStore,
        insights: TrendsInsights,
        new_project: NewProject,
        query: TrendsQuery,
        log: list[Event],
    ) -> None:
        project = await project_of(event_store, new_project, log, [])
        found = await insights.trends(project, query, NOON)
        assert repr(found) == repr(count_trends(query, log, NOON))

    @rule
    @given(world=_asked)
    async def test_the_users_of_a_trends_cell_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: TrendsInsights,
        new_project: NewProject,
        world: AskedWorld[TrendsQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = trends_users(asked.query, asked.cell, await reference_of(world.log), asked.now)
        found = await insights.trends_users(
            project, asked.query, asked.cell, asked.now, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)

    async def test_a_new_project_has_every_bucket_of_a_trend(
        self, insights: TrendsInsights, new_project: NewProject
    ) -> None:
        series = tuple(
            TrendsSeries(measure=measure, property="price" if measure.of_property else None)
            for measure in Measure
        )
        week = DateRange(NOON.date(), NOON.date() + timedelta(days=6))
        query = TrendsQuery(range=week, series=series)
        found = await insights.trends(await new_project(), query, NOON)
        assert found == count_trends(query, [], NOON)
        assert [len(one.values) for one in found.series] == [7] * len(series)

    async def test_groups_of_one_size_are_in_the_order_of_code_points(
        self, event_store: EventStore, insights: TrendsInsights, new_project: NewProject
    ) -> None:
        values = [
            *(
                "[1]",
                '{"b": 1}',
                "a",
                "B",
                "ä",
                "_",
                "A b",
                "Z",
                "~",
                "ﬀ",
                "\N{GRINNING FACE}",
                "aa",
                "A",
                "",
                "1",
            ),
            *(1, 10, 2, 1.5, True, "true", None, {"b": 1}, [1], -1, 1e300, 1e-7),
        ]
        log = [
            msgspec.structs.replace(SIGN_UP, event_id=UUID(int=i), properties={"v": value})
            for i, value in enumerate(values)
        ]
        bare = msgspec.structs.replace(SIGN_UP, event_id=UUID(int=len(log)), properties={})
        log.append(bare)
        project = await project_of(event_store, new_project, log, [])
        events, groups = TrendsSeries(), len(values) - 2
        for limit, series in product(
            (1, 10, groups), ((events,), (events, TrendsSeries(measure=Measure.USERS)))
        ):
            query = TrendsQuery(range=_TODAY, series=series, breakdown=Breakdown("v", limit))
            found = await insights.trends(project, query, NOON)
            assert repr(found) == repr(count_trends(query, log, NOON))
            others = [one.group.kind is GroupKind.OTHER for one in found.series]
            assert others == ([False] * limit + [True] * (limit < groups)) * len(series)

    async def test_the_users_of_a_cell_come_page_by_page(
        self, event_store: EventStore, insights: TrendsInsights, new_project: NewProject
    ) -> None:
        names = ["a", "B", "ä", "_", "Z", "~", "ﬀ", "\N{GRINNING FACE}", "aa", "1", "01", " "]
        log = [
            msgspec.structs.replace(SIGN_UP, event_id=UUID(int=2 * i + again), user_id=name)
            for i, name in enumerate(names)
            for again in (0, 1)
        ]
        project = await project_of(event_store, new_project, log, [])
        query = TrendsQuery(range=_TODAY, series=(TrendsSeries(measure=Measure.USERS),))
        found: list[str] = []
        for _ in range(0, len(names), 5):
            page = await insights.trends_users(
                project, query, TrendsCell("A"), NOON, after=found[-1] if found else None, limit=5
            )
            assert page.count == len(names)
            found += page.users
        assert found == sorted(names)
