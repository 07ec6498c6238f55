"""Trends and the schema as use cases: each is answered by the port, with the clock read once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from eventanalytics import (
    Breakdown,
    CountTrends,
    DateRange,
    Event,
    EventTypesQuery,
    ListEventTypes,
    ListProperties,
    ListPropertyValues,
    ListTrendsUsers,
    Measure,
    ProjectId,
    PropertiesQuery,
    TrendsCell,
    TrendsQuery,
    TrendsSeries,
    ValuesQuery,
    count_trends,
    seen_event_types,
    seen_properties,
    seen_values,
)
from eventanalytics.domain.selection import UserPage
from eventanalytics.errors import InvalidQueryError
from eventanalytics.memory import FixedClock, InMemoryEventStore, InMemoryInsights

MONDAY = datetime(2025, 8, 18, tzinfo=UTC)
PROJECT = ProjectId(1)
LOG = [
    Event(
        event_id=UUID(int=number),
        user_id=user_id,
        event_type=event_type,
        occurred_at=MONDAY + timedelta(days=days),
        received_at=MONDAY,
        properties={"country": country},
    )
    for number, (user_id, event_type, days, country) in enumerate(
        [
            ("cat", "view", 0, "UA"),
            ("ann", "view", 0, "UA"),
            ("bob", "buy", 1, "PL"),
            ("ann", "buy", 1, None),
        ]
    )
]
QUERY = TrendsQuery(
    range=DateRange(date(2025, 8, 18), date(2025, 8, 20)),
    series=(TrendsSeries(), TrendsSeries(measure=Measure.USERS)),
    breakdown=Breakdown("country", 1),
    compare=True,
)


@pytest.fixture
async def insights() -> InMemoryInsights:
    store = InMemoryEventStore()
    await store.append(PROJECT, LOG)
    return InMemoryInsights(store)


async def test_trends_are_counted_as_of_now(insights: InMemoryInsights) -> None:
    clock = FixedClock(MONDAY + timedelta(days=2))
    found = await CountTrends(insights, clock)(PROJECT, QUERY)
    assert found == count_trends(QUERY, LOG, clock.now())
    assert [bucket.complete for bucket in found.buckets] == [True, True, False]
    clock.move(timedelta(days=1))
    later = await CountTrends(insights, clock)(PROJECT, QUERY)
    assert [bucket.complete for bucket in later.buckets] == [True, True, True]


async def test_the_users_of_a_cell_come_page_by_page(insights: InMemoryInsights) -> None:
    users_of = ListTrendsUsers(insights, FixedClock(MONDAY))
    cell = TrendsCell("B", bucket=0)
    assert await users_of(PROJECT, QUERY, cell) == UserPage(("ann", "cat"), 2)
    assert await users_of(PROJECT, QUERY, cell, limit=1) == UserPage(("ann",), 2)
    assert await users_of(PROJECT, QUERY, cell, after="ann") == UserPage(("cat",), 2)
    with pytest.raises(InvalidQueryError):
        await users_of(PROJECT, QUERY, TrendsCell("C"))


async def test_what_there_is_is_listed(insights: InMemoryInsights) -> None:
    types, values = EventTypesQuery(limit=1), ValuesQuery(property="country")
    properties = PropertiesQuery(event_type="buy")
    found = (
        await ListEventTypes(insights)(PROJECT, types),
        await ListProperties(insights)(PROJECT, properties),
        await ListPropertyValues(insights)(PROJECT, values),
    )
    assert found == (
        seen_event_types(types, LOG),
        seen_properties(properties, LOG),
        seen_values(values, LOG),
    )
    assert [one.name for one in found[0]] == ["buy"]
    assert [one.types for one in found[1]] == [("null", "text")]
    assert [one.value for one in found[2]] == ["UA", "PL"]
