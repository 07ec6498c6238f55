"""Answers worked out by hand, of what four users did on three days.

The 18th: 7 views at 9:00, adds to the cart at 9:10 and buys at 9:30; 8 views at 10:00 and adds at
10:05. The 19th: 8 views at 8:00; 9 views at 12:00 and buys at 12:20. The 20th: 7 views at 9:00, 8
buys at 11:00, 10 views at 15:00. Now is noon of the 21st.
"""

from typing import Any

import pytest

DAYS = {"from": "2025-08-18", "to": "2025-08-20"}
VIEW, CART, BUY = ({"event": name} for name in ("view_item", "add_to_cart", "purchase"))


@pytest.mark.parametrize(
    ("measure", "values", "total"),
    [
        ("events", [2, 2, 2], 6),
        ("users", [2, 2, 2], 4),
        ("weekly_active_users", [2, 3, 4], None),
        ("monthly_active_users", [2, 3, 4], None),
        ("events_per_user", [1.0, 1.0, 1.0], 1.5),
        ("sum", [59.5, 40.0, 16.0], 115.5),
        ("average", [29.75, 40.0, 8.0], 23.1),
        ("minimum", [19.5, 40.0, 8.0], 8.0),
        ("maximum", [40.0, 40.0, 8.0], 40.0),
        ("median", [29.75, 40.0, 8.0], 19.5),
        ("p90", [37.95, 40.0, 8.0], 40.0),
    ],
)
async def test_a_trend_measures_views(
    ask: Any, measure: str, values: list[float], total: float | None
) -> None:
    priced = measure not in {"events", "users", "events_per_user"} and "active" not in measure
    series = {**VIEW, "measure": measure} | ({"property": "price"} if priced else {})
    answer = await ask("trends", {"range": DAYS, "series": [series]})
    [found] = answer["series"]
    assert (found["label"], found["group"]) == ("A", {"kind": "all", "value": None})
    assert found["values"] == pytest.approx(values)
    assert found["total"] == total
    assert "previous" not in answer


async def test_a_formula_has_no_value_where_there_is_nothing_to_divide_by(ask: Any) -> None:
    body = {"range": DAYS, "series": [BUY, CART], "formula": "A / B * 100"}
    [_, _, formula] = (await ask("trends", body))["series"]
    assert formula["label"] == "formula"
    assert (formula["values"], formula["total"]) == ([50.0, None, None], 150.0)


async def test_a_trend_is_compared_with_the_days_before(ask: Any) -> None:
    days = {"from": "2025-08-19", "to": "2025-08-20"}
    answer = await ask("trends", {"range": days, "series": [VIEW], "compare": True})
    assert answer["series"][0]["values"] == [2, 2]
    before = answer["previous"]
    assert [bucket["start"][:10] for bucket in before["buckets"]] == ["2025-08-17", "2025-08-18"]
    assert before["series"][0]["values"] == [0, 2]


async def test_where_narrows_the_world(ask: Any) -> None:
    where = [{"property": "country", "op": "eq", "value": "UA"}]
    answer = await ask("trends", {"range": DAYS, "series": [{}], "where": where})
    assert answer["series"][0]["values"] == [3, 0, 2]


@pytest.mark.parametrize(
    ("change", "users", "median", "average"),
    [
        # 7 takes 30 minutes, 8 from the first view on 49 hours, 9 takes 20 minutes.
        ({}, [4, 3], 1800.0, 59_800.0),
        ({"window_seconds": 1200}, [4, 1], 1200.0, 1200.0),
        ({"window_seconds": 1199}, [4, 0], None, None),
        # Only 8, from the second view on, and 9 do nothing in between.
        ({"order": "strict"}, [4, 2], 49_200.0, 49_200.0),
        ({"exclusions": [CART]}, [4, 2], 49_200.0, 49_200.0),
    ],
)
async def test_a_funnel_from_view_to_purchase(
    ask: Any, change: dict[str, Any], users: list[int], median: float, average: float
) -> None:
    answer = await ask("funnel", {"range": DAYS, "steps": [VIEW, BUY], **change})
    assert [step["users"] for step in answer["steps"]] == users
    first, second = answer["steps"]
    assert second["conversion_from_first"] == users[1] / users[0]
    assert (second["median_seconds"], second["average_seconds"]) == (median, average)
    assert (first["median_seconds"], first["conversion_from_previous"]) == (None, None)


async def test_open_attempts_are_those_whose_window_runs(ask: Any) -> None:
    body = {"range": DAYS, "steps": [VIEW, BUY]}
    assert (await ask("funnel", body))["open_attempts"] == 1  # 10 may still buy
    noon_to_noon = {**body, "window_seconds": 21 * 3600}
    assert (await ask("funnel", noon_to_noon))["open_attempts"] == 1
    assert (await ask("funnel", {**body, "window_seconds": 21 * 3600 - 1}))["open_attempts"] == 0


async def test_retention_of_those_who_view(ask: Any) -> None:
    body = {"range": DAYS, "period": "day", "periods": 2, "start": VIEW, "mode": "on_or_after"}
    answer = await ask("retention", body)
    assert [(cohort["size"], cohort["returned"]) for cohort in answer["cohorts"]] == [
        (2, [2, 2, 2]),  # both do more on the 18th, and come again on the 20th
        (1, [1, 0, None]),  # 9 buys after viewing, and is not seen again
        (1, [0, None, None]),
    ]
    assert answer["average"] == [3 / 4, 2 / 3, 1.0]


async def test_the_lifecycle_of_two_days(ask: Any) -> None:
    answer = await ask("lifecycle", {"range": {"from": "2025-08-19", "to": "2025-08-20"}})
    assert answer["new"] == [1, 1]  # 9; 10
    assert answer["returning"] == [1, 1]  # 8 both times
    assert answer["resurrecting"] == [0, 1]  # 7, after a day's sleep
    assert answer["dormant"] == [1, 1]  # 7; 9


async def test_stickiness_of_three_days(ask: Any) -> None:
    answer = await ask("stickiness", {"range": DAYS})
    assert answer["exactly"] == [2, 1, 1]  # 9 and 10; 7; 8
    assert answer["at_least"] == [4, 2, 1]


async def test_the_sessions_of_a_week_that_the_range_cuts(ask: Any) -> None:
    answer = await ask("sessions", {"range": DAYS, "interval": "week"})
    assert answer["buckets"] == [{"start": "2025-08-18T00:00:00Z", "complete": False}]
    assert answer["figures"] == [answer["total"]]
    assert answer["total"] == {
        "sessions": 7,
        "users": 4,
        "bounces": 4,
        "events": 11,
        "sessions_per_user": 7 / 4,
        "events_per_session": 11 / 7,
        "bounce_share": 4 / 7,
        "average_seconds": (1800 + 300 + 1200) / 7,
        "median_seconds": 0.0,
    }


def value(text: str) -> dict[str, Any]:
    return {"kind": "value", "value": text}


async def test_the_paths_from_view_to_purchase(ask: Any) -> None:
    view, cart, buy = (value(selector["event"]) for selector in (VIEW, CART, BUY))
    answer = await ask("paths", {"range": DAYS, "start": VIEW, "end": BUY})
    assert answer["sessions"] == 2
    assert answer["edges"] == [
        {"step": 1, "source": view, "target": cart, "sessions": 1},
        {"step": 1, "source": view, "target": buy, "sessions": 1},
        {"step": 2, "source": cart, "target": buy, "sessions": 1},
    ]
    assert answer["dropoffs"] == [
        {"step": 2, "source": buy, "sessions": 1},
        {"step": 3, "source": buy, "sessions": 1},
    ]


async def test_the_paths_through_countries(ask: Any) -> None:
    answer = await ask("paths", {"range": DAYS, "by": "country", "collapse_repeats": True})
    assert (answer["sessions"], answer["edges"]) == (6, [])  # 9 is from nowhere
    assert answer["dropoffs"] == [
        {"step": 1, "source": value("PL"), "sessions": 3},
        {"step": 1, "source": value("UA"), "sessions": 3},
    ]


@pytest.mark.parametrize(
    "kind", ["trends", "funnel", "retention", "lifecycle", "stickiness", "sessions", "paths"]
)
async def test_a_range_without_events_is_answered_too(ask: Any, kind: str) -> None:
    own = {"trends": {"series": [VIEW]}, "funnel": {"steps": [VIEW, BUY]}}
    days = {"from": "2024-02-28", "to": "2024-03-01"}
    answer = await ask(kind, {"range": days, **own.get(kind, {})})
    again = await ask(kind, answer["query"])
    assert again == answer
