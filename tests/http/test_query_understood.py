"""A question goes out as it was understood, and means the same when it comes in again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from dependency_injector import providers
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.selection import Question
from eventanalytics.testing.funnel_strategies import funnel_queries
from eventanalytics.testing.paths_strategies import paths_questions
from eventanalytics.testing.retention_strategies import retention_queries
from eventanalytics.testing.sessions_strategies import session_worlds, sessions_questions
from eventanalytics.testing.strategies import worlds
from eventanalytics.testing.trends_strategies import trends_queries
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http.wire.funnel import FunnelBody
from eventanalytics_adapters.http.wire.paths import PathsBody
from eventanalytics_adapters.http.wire.retention import RetentionBody
from eventanalytics_adapters.http.wire.sessions import SessionsBody
from eventanalytics_adapters.http.wire.shapes import read_body
from eventanalytics_adapters.http.wire.trends import TrendsBody

BODIES: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "trends": (TrendsBody, worlds().flatmap(trends_queries)),
    "funnel": (FunnelBody, worlds().flatmap(funnel_queries)),
    "retention": (RetentionBody, worlds().flatmap(retention_queries)),
    "sessions": (
        SessionsBody,
        session_worlds().flatmap(sessions_questions).map(lambda question: question.query),
    ),
    "paths": (
        PathsBody,
        session_worlds().flatmap(paths_questions).map(lambda question: question.query),
    ),
}


@pytest.mark.parametrize(("body", "queries"), BODIES.values(), ids=BODIES.keys())
def test_a_question_survives_the_wire(body: Any, queries: st.SearchStrategy[Question]) -> None:
    @given(query=queries)
    def check(query: Question) -> None:
        sent = msgspec.json.encode(body.of(query))
        again = read_body(sent, body).to_domain()
        assert again == query
        assert msgspec.json.encode(body.of(again)) == sent

    check()


NOW = datetime(2025, 8, 21, 12, tzinfo=UTC)
DAYS = {"from": "2025-08-18", "to": "2025-08-20"}
SPELLINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"range": {"from": "2025-08-18T03:00:00+03:00", "to": "2025-08-18T01:00:00.5"}},
        {"range": {"from": "2025-08-18T00:00:00Z", "to": "2025-08-18T01:00:00.500000Z"}},
    ),
    (
        {"range": DAYS, "where": [{"op": "in", "value": [7, "8", 9.0], "property": "$user_id"}]},
        {"where": [{"property": "$user_id", "op": "in", "value": [7, "8", 9.0]}]},
    ),
    (
        {"range": DAYS, "where": [{"property": "price", "op": "is_set", "value": None}]},
        {"where": [{"property": "price", "op": "is_set"}]},
    ),
    (
        {"range": DAYS},
        {"range": DAYS, "timezone": "UTC", "week_start": "monday", "where": [], "interval": "day"},
    ),
]


@pytest.mark.parametrize(("asked", "understood"), SPELLINGS)
async def test_a_question_is_understood_in_one_spelling(
    ask: Any, asked: dict[str, Any], understood: dict[str, Any]
) -> None:
    answer = await ask("sessions", asked)
    assert understood.items() <= answer["query"].items()
    assert await ask("sessions", answer["query"]) == answer


async def test_an_instant_without_an_offset_is_utc(ask: Any) -> None:
    bare = {"from": "2025-08-18T09:00:00", "to": "2025-08-18T10:00:01"}
    zoned = {"from": "2025-08-18T12:00:00+03:00", "to": "2025-08-18T10:00:01Z"}
    body = {"timezone": "Europe/Kyiv", "series": [{}]}
    first = await ask("trends", {**body, "range": bare})
    assert first == await ask("trends", {**body, "range": zoned})
    assert first["series"][0]["total"] == 4


async def test_days_are_those_of_the_zone(ask: Any) -> None:
    body = {"range": {"from": "2025-08-20", "to": "2025-08-20"}, "series": [{}]}
    tokyo = await ask("trends", {**body, "timezone": "Asia/Tokyo"})
    assert tokyo["buckets"] == [{"start": "2025-08-19T15:00:00Z", "complete": True}]
    assert tokyo["series"][0]["total"] == 2  # the view of 15:00 UTC is the next day's in Tokyo
    assert (await ask("trends", body))["series"][0]["total"] == 3


async def test_what_is_not_over_is_not_complete(ask: Any) -> None:
    today = {"from": "2025-08-20", "to": "2025-08-21"}
    answer = await ask("trends", {"range": today, "series": [{}]})
    assert [bucket["complete"] for bucket in answer["buckets"]] == [True, False]
    assert datetime.fromisoformat(answer["computed_at"]) == datetime(2025, 8, 21, 12, tzinfo=UTC)


class Ticking:
    """A clock that goes on by 25 minutes each time it is looked at."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        self.at += timedelta(minutes=25)
        return self.at


async def test_an_answer_is_of_the_very_instant_it_says(ask: Any, container: Container) -> None:
    hours = {"range": {"from": "2025-08-21", "to": "2025-08-22"}, "interval": "hour"}
    container.clock.override(providers.Object(Ticking()))
    for _ in range(6):
        answer = await ask("trends", {**hours, "series": [{}]})
        now = datetime.fromisoformat(answer["computed_at"])
        ends = [datetime.fromisoformat(b["start"]) + timedelta(hours=1) for b in answer["buckets"]]
        assert [b["complete"] for b in answer["buckets"]] == [end <= now for end in ends]
