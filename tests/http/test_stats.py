"""Quick statistics: the members of each answer, segments, zones, and what is refused."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

STATS = "/api/v1/stats"
ROWS = [
    ("1", "view", "2025-08-04T10:00:00Z", {"country": "UA"}),
    ("1", "buy", "2025-08-04T22:30:00Z", {"country": "UA", "price": 5}),
    ("2", "view", "2025-08-05T10:00:00Z", {"country": "PL"}),
    ("1", "view", "2025-08-12T10:00:00Z", {"country": "UA"}),
    ("3", "buy", "2025-08-12T10:00:00Z", {}),
]


@pytest.fixture
async def ask(api: Api, keys: dict[str, Headers]) -> Any:
    """Return what asks a question, once there are events."""
    events = [
        {
            "event_id": f"00000000-0000-4000-8000-{number:012}",
            "user_id": user,
            "event_type": kind,
            "occurred_at": at,
            "properties": properties,
        }
        for number, (user, kind, at, properties) in enumerate(ROWS)
    ]
    posted = await api.post("/api/v1/events", json={"events": events}, headers=keys["ingest"])
    assert posted.status_code == 201

    async def asked(query: str) -> Any:
        answer = await api.get(STATS + query, headers=keys["read"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


async def test_the_overview_counts_all(ask: Any) -> None:
    assert await ask("") == {
        "events": 5,
        "users": 3,
        "event_types": 2,
        "first_event_at": "2025-08-04T10:00:00Z",
        "last_event_at": "2025-08-12T10:00:00Z",
    }


async def test_an_overview_of_nothing_has_no_times(ask: Any) -> None:
    assert await ask("?segment=user_id:nobody") == {
        "events": 0,
        "users": 0,
        "event_types": 0,
        "first_event_at": None,
        "last_event_at": None,
    }


async def test_daily_users_lists_every_day(ask: Any) -> None:
    assert await ask("/dau?from=2025-08-04&to=2025-08-06") == {
        "from": "2025-08-04",
        "to": "2025-08-06",
        "timezone": "UTC",
        "data": [
            {"date": "2025-08-04", "unique_users": 1},
            {"date": "2025-08-05", "unique_users": 1},
            {"date": "2025-08-06", "unique_users": 0},
        ],
    }


async def test_days_are_cut_in_the_asked_zone(ask: Any) -> None:
    answer = await ask("/dau?from=2025-08-04&to=2025-08-05&timezone=Europe/Kyiv")
    assert answer["timezone"] == "Europe/Kyiv"
    assert [day["unique_users"] for day in answer["data"]] == [1, 2]


async def test_top_events_are_ranked(ask: Any) -> None:
    assert await ask("/top-events?from=2025-08-01&to=2025-08-31") == {
        "from": "2025-08-01",
        "to": "2025-08-31",
        "timezone": "UTC",
        "data": [
            {"event_type": "view", "count": 3, "unique_users": 2},
            {"event_type": "buy", "count": 2, "unique_users": 2},
        ],
    }
    answer = await ask("/top-events?from=2025-08-01&to=2025-08-31&limit=1")
    assert [row["event_type"] for row in answer["data"]] == ["view"]


async def test_retention_has_a_row_a_cohort_and_null_for_what_is_not_over(ask: Any) -> None:
    assert await ask("/retention?start_date=2025-08-06") == {
        "start_date": "2025-08-06",
        "windows": 3,
        "period": "week",
        "timezone": "UTC",
        "data": [
            {"cohort_date": "2025-08-04", "cohort_size": 2, "returned": [2, 1, None]},
            {"cohort_date": "2025-08-11", "cohort_size": 1, "returned": [1, None]},
            {"cohort_date": "2025-08-18", "cohort_size": 0, "returned": [None]},
        ],
    }


async def test_the_period_of_retention_is_chosen(ask: Any) -> None:
    daily = await ask("/retention?start_date=2025-08-04&windows=2&period=day&timezone=Europe/Kyiv")
    assert daily["data"] == [
        {"cohort_date": "2025-08-04", "cohort_size": 1, "returned": [1, 1]},
        {"cohort_date": "2025-08-05", "cohort_size": 1, "returned": [1]},
    ]
    sundays = await ask("/retention?start_date=2025-08-04&windows=1&week_start=sunday")
    assert sundays["data"][0]["cohort_date"] == "2025-08-03"
    months = await ask("/retention?start_date=2025-08-04&windows=1&period=month")
    assert months["data"][0]["cohort_date"] == "2025-08-01"


@pytest.mark.parametrize(
    ("segments", "events"),
    [
        (["event_type:buy"], 2),
        (["user_id:1"], 3),
        (["properties.country:UA"], 3),
        (["properties.price:5"], 1),
        (["user_id:1", "event_type:buy"], 1),
        (["event_type:view", "event_type:buy"], 0),
        (["event_type:a:b"], 0),
        (["properties.country:"], 0),
    ],
)
async def test_all_segments_must_hold(ask: Any, segments: list[str], events: int) -> None:
    query = "&".join(f"segment={segment}" for segment in segments)
    assert (await ask(f"?{query}"))["events"] == events


async def test_every_statistic_is_narrowed_by_a_segment(ask: Any) -> None:
    days = "from=2025-08-12&to=2025-08-12&segment=properties.country:UA"
    assert (await ask(f"/dau?{days}"))["data"][0]["unique_users"] == 1
    assert [row["event_type"] for row in (await ask(f"/top-events?{days}"))["data"]] == ["view"]
    cohorts = await ask("/retention?start_date=2025-08-04&windows=1&segment=event_type:buy")
    assert cohorts["data"][0]["cohort_size"] == 1


DAYS = "from=2025-08-04&to=2025-08-05"
REFUSED = [
    ("/dau", [("from", "missing_parameter"), ("to", "missing_parameter")]),
    ("/dau?from=2025-08-04", [("to", "missing_parameter")]),
    ("/dau?from=2025-08-05&to=2025-08-04", [("from", "invalid_range")]),
    ("/dau?from=2025-08-04T00:00:00Z&to=2025-08-05", [("from", "invalid_date")]),
    ("/dau?from=4.8.2025&to=", [("from", "invalid_date"), ("to", "invalid_date")]),
    ("/dau?from=1970-01-01&to=2025-08-05", [("to", "too_many_buckets")]),
    ("/dau?from=1969-01-01&to=2025-08-05", [("from", "date_out_of_range")]),
    ("/dau?from=2025-08-04&to=9999-12-31", [("to", "date_out_of_range")]),
    (f"/dau?{DAYS}&timezone=Kyiv", [("timezone", "unknown_timezone")]),
    (f"/dau?{DAYS}&tz=UTC", [("tz", "unknown_parameter")]),
    (f"/dau?{DAYS}&from=2025-08-04", [("from", "repeated_parameter")]),
    (f"/dau?{DAYS}&segment=purchase", [("segment", "invalid_segment")]),
    (f"/dau?{DAYS}&segment=", [("segment", "invalid_segment")]),
    (f"/dau?{DAYS}&segment=properties.:1", [("segment", "invalid_segment")]),
    (f"/dau?{DAYS}&segment=event_id:1", [("segment", "invalid_segment")]),
    (f"/dau?{DAYS}&segment=user_id:%00", [("segment", "nul_character")]),
    (f"/dau?{DAYS}" + "&segment=user_id:1" * 51, [("segment", "too_many_conditions")]),
    (f"/top-events?{DAYS}&limit=0", [("limit", "out_of_range")]),
    (f"/top-events?{DAYS}&limit=1001", [("limit", "out_of_range")]),
    ("/top-events", [("from", "missing_parameter"), ("to", "missing_parameter")]),
    ("/retention", [("start_date", "missing_parameter")]),
    ("/retention?start_date=x", [("start_date", "invalid_date")]),
    ("/retention?start_date=1969-12-31", [("start_date", "date_out_of_range")]),
    ("/retention?start_date=9998-12-31&windows=100", [("windows", "date_out_of_range")]),
    ("/retention?start_date=2025-08-04&windows=0", [("windows", "out_of_range")]),
    ("/retention?start_date=2025-08-04&windows=367", [("windows", "out_of_range")]),
    ("/retention?start_date=2025-08-04&period=hour", [("period", "invalid_period")]),
    ("/retention?start_date=2025-08-04&week_start=friday", [("week_start", "invalid_week_start")]),
    ("?from=2025-08-04", [("from", "unknown_parameter")]),
]


@pytest.mark.parametrize(("query", "faults"), REFUSED, ids=[query[:50] for query, _ in REFUSED])
async def test_what_cannot_be_meant_is_named(
    api: Api, keys: dict[str, Headers], query: str, faults: list[tuple[str, str]]
) -> None:
    answer = await api.get(STATS + query, headers=keys["read"])
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "invalid_query"
    assert [(fault["path"], fault["code"]) for fault in problem["errors"]] == faults
