"""One thing asked in two ways is answered alike; so is every number and the users behind it."""

from typing import Any

import pytest

DAYS = {"from": "2025-08-18", "to": "2025-08-20"}
VIEW = {"event": "view_item"}
CART = {"event": "add_to_cart"}
ZONES = ["UTC", "Europe/Kyiv", "America/New_York"]


async def users(ask: Any, kind: str, body: dict[str, Any], cell: dict[str, Any]) -> list[str]:
    """Return the users of a cell; their count is told along."""
    page = await ask(f"{kind}/users", {**body, "cell": cell})
    assert page["count"] == len(page["users"])
    found: list[str] = page["users"]
    return found


@pytest.mark.parametrize("zone", ZONES)
async def test_a_trends_users_are_those_at_the_first_step(ask: Any, zone: str) -> None:
    common = {"range": DAYS, "timezone": zone}
    trend = {**common, "series": [{**VIEW, "measure": "users"}]}
    funnel = {**common, "steps": [VIEW, CART]}
    [series] = (await ask("trends", trend))["series"]
    first = (await ask("funnel", funnel))["steps"][0]
    assert series["total"] == first["users"] > 0
    assert await users(ask, "trends", trend, {"series": "A"}) == await users(
        ask, "funnel", funnel, {"step": 1}
    )


@pytest.mark.parametrize("zone", ZONES)
async def test_who_is_in_the_lifecycle_is_in_the_trend(ask: Any, zone: str) -> None:
    common = {"range": DAYS, "timezone": zone}
    trend = {**common, "series": [{**VIEW, "measure": "users"}]}
    cycle = {**common, **VIEW}
    [series] = (await ask("trends", trend))["series"]
    answer = await ask("lifecycle", cycle)
    classes = ("new", "returning", "resurrecting")
    active = [sum(row) for row in zip(*(answer[name] for name in classes), strict=True)]
    assert active == series["values"]
    assert sum(active) > 0
    for bucket in range(len(active)):
        found = [
            user
            for name in classes
            for user in await users(ask, "lifecycle", cycle, {"class": name, "bucket": bucket})
        ]
        assert sorted(found) == await users(ask, "trends", trend, {"series": "A", "bucket": bucket})


@pytest.mark.parametrize("kind", ["first_ever", "first_in_range", "recurring"])
async def test_column_0_of_who_returns_as_they_started_is_the_cohort(ask: Any, kind: str) -> None:
    query = {
        "range": DAYS,
        "period": "day",
        "periods": 2,
        "start": VIEW,
        "return": VIEW,
        "kind": kind,
    }
    answer = await ask("retention", query)
    assert sum(cohort["size"] for cohort in answer["cohorts"]) > 0
    for index, cohort in enumerate(answer["cohorts"]):
        assert cohort["returned"][0] == cohort["size"]
        column = await users(ask, "retention", query, {"cohort": index, "column": 0})
        assert column == await users(ask, "retention", query, {"cohort": index})


async def test_every_user_of_a_trend_is_found(ask: Any) -> None:
    trend = {
        "range": DAYS,
        "series": [{**VIEW, "measure": "users"}, {**VIEW, "measure": "weekly_active_users"}],
        "breakdown": {"property": "country", "limit": 1},
    }
    answer = await ask("trends", trend)
    assert {series["group"]["kind"] for series in answer["series"]} == {"value", "other"}
    for series in answer["series"]:
        for bucket, value in enumerate(series["values"]):
            cell = {"series": series["label"], "group": series["group"], "bucket": bucket}
            assert len(await users(ask, "trends", trend, cell)) == value


async def test_every_user_of_a_funnel_is_found(ask: Any) -> None:
    funnel = {"range": DAYS, "steps": [VIEW, CART], "breakdown": {"property": "country"}}
    answer = await ask("funnel", funnel)
    assert len(answer["groups"]) == 3
    for group in [{"group": {"kind": "all"}, "steps": answer["steps"]}, *answer["groups"]]:
        before = None
        for step in group["steps"]:
            cell = {"step": step["step"], "group": group["group"]}
            assert len(await users(ask, "funnel", funnel, cell)) == step["users"]
            if before is not None:
                dropped = await users(ask, "funnel", funnel, {**cell, "outcome": "dropped"})
                assert len(dropped) == before - step["users"]
            before = step["users"]
    running = await users(ask, "funnel", funnel, {"outcome": "open"})
    assert len(running) == answer["open_attempts"] > 0


async def test_every_user_of_retention_is_found(ask: Any) -> None:
    retention = {"range": DAYS, "period": "day", "periods": 2, "start": VIEW}
    answer = await ask("retention", retention)
    for index, cohort in enumerate(answer["cohorts"]):
        assert len(await users(ask, "retention", retention, {"cohort": index})) == cohort["size"]
        for column, returned in enumerate(cohort["returned"]):
            if returned is not None:
                cell = {"cohort": index, "column": column}
                assert len(await users(ask, "retention", retention, cell)) == returned


async def test_every_user_of_the_lifecycle_is_found(ask: Any) -> None:
    cycle = {"range": DAYS, **VIEW}
    answer = await ask("lifecycle", cycle)
    for name in ("new", "returning", "resurrecting", "dormant"):
        assert sum(answer[name]) > 0
        for bucket, value in enumerate(answer[name]):
            found = await users(ask, "lifecycle", cycle, {"class": name, "bucket": bucket})
            assert len(found) == value


async def test_every_user_of_stickiness_is_found(ask: Any) -> None:
    stickiness = {"range": DAYS, **VIEW}
    answer = await ask("stickiness", stickiness)
    for count in ("exactly", "at_least"):
        for index, value in enumerate(answer[count]):
            cell = {"buckets": index + 1, "count": count}
            assert len(await users(ask, "stickiness", stickiness, cell)) == value


async def test_every_user_with_a_session_is_found(ask: Any) -> None:
    sessions = {"range": DAYS, "gap_seconds": 1200}
    answer = await ask("sessions", sessions)
    assert len(await users(ask, "sessions", sessions, {})) == answer["total"]["users"]
    for bucket, figures in enumerate(answer["figures"]):
        found = await users(ask, "sessions", sessions, {"bucket": bucket})
        assert len(found) == figures["users"]
        bounced = await users(ask, "sessions", sessions, {"bucket": bucket, "bounces": True})
        assert bool(bounced) is bool(figures["bounces"])
        assert set(bounced) <= set(found)


async def test_every_session_of_paths_has_a_user(ask: Any) -> None:
    paths = {"range": DAYS, "limit": 1}
    answer = await ask("paths", paths)
    assert {edge["source"]["kind"] for edge in answer["edges"]} == {"value", "other"}
    for part in [*answer["edges"], *answer["dropoffs"]]:
        sessions = part.pop("sessions")
        assert 1 <= len(await users(ask, "paths", paths, part)) <= sessions
