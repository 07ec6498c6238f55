"""What cannot be meant is refused, each fault with a code and the path of its field."""

import json
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

DAYS = {"from": "2025-08-18", "to": "2025-08-20"}
VIEW = {"event": "view_item"}
IS_SET = {"property": "a", "op": "is_set"}
VALID: dict[str, dict[str, Any]] = {
    "trends": {"range": DAYS, "series": [VIEW]},
    "funnel": {"range": DAYS, "steps": [VIEW, {"event": "purchase"}]},
    "retention": {"range": DAYS},
    "lifecycle": {"range": DAYS},
    "stickiness": {"range": DAYS},
    "sessions": {"range": DAYS},
    "paths": {"range": DAYS},
}
COMMON: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no range": ({"range": ...}, [("range", "missing_field")]),
    "a range that is none": ({"range": "today"}, [("range", "invalid_type")]),
    "half a range": ({"range": {"from": "2025-08-18"}}, [("range.to", "missing_field")]),
    "null for a bound": ({"range": {**DAYS, "to": None}}, [("range.to", "invalid_type")]),
    "more than a range": ({"range": {**DAYS, "by": 1}}, [("range.by", "unknown_field")]),
    "from after to": (
        {"range": {"from": "2025-08-21", "to": "2025-08-20"}},
        [("range.from", "invalid_range")],
    ),
    "instants from after to": (
        {"range": {"from": "2025-08-20T10:00:00Z", "to": "2025-08-20T12:59:00+03:00"}},
        [("range", "invalid_range")],
    ),
    "no time at all": (
        {"range": {"from": "2025-08-20T10:00:00Z", "to": "2025-08-20T10:00:00Z"}},
        [("range", "invalid_range")],
    ),
    "a day and an instant": (
        {"range": {"from": "2025-08-18", "to": "2025-08-20T10:00:00Z"}},
        [("range", "mixed_range")],
    ),
    "an instant and a day": (
        {"range": {"from": "2025-08-18T10:00:00Z", "to": "2025-08-20"}},
        [("range", "mixed_range")],
    ),
    "no dates": (
        {"range": {"from": "20.8.2025", "to": "2025-02-30"}},
        [("range.from", "invalid_datetime"), ("range.to", "invalid_date")],
    ),
    "before all calendars": (
        {"range": {"from": "1969-12-31", "to": "9999-01-01T00:00:00Z"}},
        [("range.from", "date_out_of_range"), ("range.to", "date_out_of_range")],
    ),
    "an unknown zone": ({"timezone": "Kyiv"}, [("timezone", "unknown_timezone")]),
    "half a pair for a zone": ({"timezone": "\ud800"}, [("timezone", "unknown_timezone")]),
    "an unknown week": ({"week_start": "friday"}, [("week_start", "invalid_week_start")]),
    "half a pair for a week": ({"week_start": "\ud800"}, [("week_start", "invalid_week_start")]),
    "a number for a week": ({"week_start": 1}, [("week_start", "invalid_type")]),
    "an unknown field": ({"colour": 1}, [("colour", "unknown_field")]),
    "half a pair for a field": ({"\ud800": 1}, [("?", "unknown_field")]),
    "where is no list": ({"where": {}}, [("where", "invalid_type")]),
    "a condition is no object": ({"where": [IS_SET, 1]}, [("where[1]", "invalid_type")]),
    "an empty condition": (
        {"where": [{}]},
        [("where[0].property", "missing_field"), ("where[0].op", "missing_field")],
    ),
    "an unknown operator": (
        {"where": [{"property": "a", "op": "like", "value": 1}]},
        [("where[0].op", "invalid_op")],
    ),
    "an operator of another kind": (
        {"where": [{"property": "a", "op": None}]},
        [("where[0].op", "invalid_type")],
    ),
    "an unknown field of a condition": (
        {"where": [{**IS_SET, "case": True}]},
        [("where[0].case", "unknown_field")],
    ),
    "no value": (
        {"where": [{"property": "a", "op": "eq"}]},
        [("where[0].value", "missing_field")],
    ),
    "a null value": (
        {"where": [{"property": "a", "op": "eq", "value": None}]},
        [("where[0].value", "invalid_type")],
    ),
    "a text against numbers": (
        {"where": [{"property": "a", "op": "gt", "value": "1"}]},
        [("where[0].value", "invalid_type")],
    ),
    "a value too many": (
        {"where": [{"property": "a", "op": "is_set", "value": 1}]},
        [("where[0].value", "unexpected_value")],
    ),
    "faults of several conditions": (
        {
            "where": [
                {"property": "", "op": "eq", "value": 1},
                {"property": "a", "op": "in", "value": [1, None, "\0"]},
            ]
        },
        [
            ("where[0].property", "empty_text"),
            ("where[1].value[1]", "invalid_type"),
            ("where[1].value[2]", "nul_character"),
        ],
    ),
    "a number that fits nothing": (
        {"where": [{"property": "a", "op": "eq", "value": 10**30}]},
        [("where[0].value", "number_out_of_range")],
    ),
    "51 conditions": ({"where": [IS_SET] * 51}, [("where", "too_many_conditions")]),
    "faults of all parts at once": (
        {
            "range": {"from": "x", "to": "2025-08-20"},
            "timezone": "x",
            "where": [{**IS_SET, "value": 1}],
        },
        [
            ("range.from", "invalid_datetime"),
            ("timezone", "unknown_timezone"),
            ("where[0].value", "unexpected_value"),
        ],
    ),
}
EXCLUSION = {"event": "logout", "from_step": 1, "to_step": 2}
OWN: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("trends", {"series": ...}, [("series", "missing_field")]),
    ("trends", {"series": []}, [("series", "out_of_range")]),
    ("trends", {"series": [VIEW] * 27}, [("series", "out_of_range")]),
    ("trends", {"series": [{"event": 1}]}, [("series[0].event", "invalid_type")]),
    ("trends", {"series": [VIEW, {"event": "\0"}]}, [("series[1].event", "nul_character")]),
    ("trends", {"series": [{"measure": "mode"}]}, [("series[0].measure", "invalid_measure")]),
    ("trends", {"series": [{"measure": "p95"}]}, [("series[0].property", "missing_field")]),
    (
        "trends",
        {"series": [VIEW, {"measure": "users", "property": "price"}]},
        [("series[1].property", "unexpected_field")],
    ),
    (
        "trends",
        {"series": [VIEW, {"where": [{"property": "a", "op": "like"}]}]},
        [("series[1].where[0].op", "invalid_op")],
    ),
    (
        "trends",
        {"series": [{"where": [{"property": "a", "op": "gt", "value": True}]}]},
        [("series[0].where[0].value", "invalid_type")],
    ),
    ("trends", {"interval": "year"}, [("interval", "invalid_interval")]),
    ("trends", {"formula": "A / B"}, [("formula", "unknown_series")]),
    ("trends", {"formula": "A +"}, [("formula", "invalid_formula")]),
    ("trends", {"formula": "A \ud800"}, [("formula", "invalid_formula")]),
    ("trends", {"formula": "A" * 201}, [("formula", "too_long")]),
    ("trends", {"compare": 1}, [("compare", "invalid_type")]),
    (
        "trends",
        {"compare": True, "range": {"from": "1970-01-02", "to": "1970-01-03"}},
        [("compare", "date_out_of_range")],
    ),
    ("trends", {"breakdown": {}}, [("breakdown.property", "missing_field")]),
    ("trends", {"breakdown": {"property": ""}}, [("breakdown.property", "empty_text")]),
    (
        "trends",
        {"breakdown": {"property": "a", "limit": 0}},
        [("breakdown.limit", "out_of_range")],
    ),
    (
        "trends",
        {"breakdown": {"property": "a", "limit": 10**30}},
        [("breakdown.limit", "out_of_range")],
    ),
    (
        "trends",
        {"breakdown": {"property": "a", "limit": 1.5}},
        [("breakdown.limit", "invalid_type")],
    ),
    (
        "trends",
        # 417 days of 24 hours are 10,008 hours.
        {"interval": "hour", "range": {"from": "2024-01-01", "to": "2025-02-20"}},
        [("range.to", "too_many_buckets")],
    ),
    (
        "trends",
        # The 10,001st bucket is the microsecond past 10,000 days.
        {"range": {"from": "1990-01-01T00:00:00Z", "to": "2017-05-19T00:00:00.000001Z"}},
        [("range.to", "too_many_buckets")],
    ),
    ("funnel", {"steps": ...}, [("steps", "missing_field")]),
    ("funnel", {"steps": [VIEW]}, [("steps", "out_of_range")]),
    ("funnel", {"steps": [VIEW] * 21}, [("steps", "out_of_range")]),
    (
        "funnel",
        {"steps": [VIEW, VIEW, {"event": []}]},
        [("steps[2].event", "invalid_type")],
    ),
    ("funnel", {"order": "random"}, [("order", "invalid_order")]),
    ("funnel", {"window_seconds": 0}, [("window_seconds", "out_of_range")]),
    ("funnel", {"window_seconds": 366 * 86_400 + 1}, [("window_seconds", "out_of_range")]),
    ("funnel", {"window_seconds": "7d"}, [("window_seconds", "invalid_type")]),
    (
        "funnel",
        {"exclusions": [{**EXCLUSION, "from_step": 2, "to_step": 1}]},
        [("exclusions[0].to_step", "invalid_step_order")],
    ),
    (
        "funnel",
        {"exclusions": [{**EXCLUSION, "from_step": 1, "to_step": 1}]},
        [("exclusions[0].to_step", "invalid_step_order")],
    ),
    (
        "funnel",
        {"exclusions": [EXCLUSION, {**EXCLUSION, "to_step": 3}]},
        [("exclusions[1].to_step", "out_of_range")],
    ),
    (
        "funnel",
        {"breakdown": {"property": "a", "attribution": "first"}},
        [("breakdown.attribution", "invalid_attribution")],
    ),
    (
        "funnel",
        {"breakdown": {"property": "a", "attribution": "step", "step": 3}},
        [("breakdown.step", "out_of_range")],
    ),
    ("retention", {"period": "year"}, [("period", "invalid_period")]),
    ("retention", {"periods": -1}, [("periods", "out_of_range")]),
    ("retention", {"periods": 367}, [("periods", "out_of_range")]),
    ("retention", {"kind": "last"}, [("kind", "invalid_kind")]),
    ("retention", {"mode": "before"}, [("mode", "invalid_mode")]),
    ("retention", {"start": None}, [("start", "invalid_type")]),
    ("retention", {"returning": VIEW}, [("returning", "unknown_field")]),
    ("retention", {"return": {"event": "\0"}}, [("return.event", "nul_character")]),
    (
        "retention",
        {"return": {"where": [{"property": "a", "op": "eq"}]}},
        [("return.where[0].value", "missing_field")],
    ),
    (
        "retention",
        {"period": "day", "periods": 366, "range": {"from": "2000-01-01", "to": "2025-01-01"}},
        [("periods", "too_many_cells")],
    ),
    ("lifecycle", {"interval": "year"}, [("interval", "invalid_interval")]),
    ("lifecycle", {"event": "\0"}, [("event", "nul_character")]),
    ("stickiness", {"event": "\0"}, [("event", "nul_character")]),
    ("lifecycle", {"event": 7}, [("event", "invalid_type")]),
    (
        "lifecycle",
        {"range": {"from": "1970-01-01", "to": "2025-01-01"}},
        [("range.to", "too_many_buckets")],
    ),
    ("stickiness", {"interval": "year"}, [("interval", "invalid_interval")]),
    (
        "stickiness",
        {"range": {"from": "1970-01-01", "to": "2025-01-01"}},
        [("range.to", "too_many_buckets")],
    ),
    ("sessions", {"gap_seconds": 0}, [("gap_seconds", "out_of_range")]),
    ("sessions", {"gap_seconds": 60.0}, [("gap_seconds", "invalid_type")]),
    ("sessions", {"gap_seconds": 86_401}, [("gap_seconds", "out_of_range")]),
    (
        "sessions",
        {"range": {"from": "1970-01-01", "to": "2025-01-01"}},
        [("range.to", "too_many_buckets")],
    ),
    ("paths", {"max_steps": 21}, [("max_steps", "out_of_range")]),
    ("paths", {"limit": 0}, [("limit", "out_of_range")]),
    ("paths", {"by": ""}, [("by", "empty_text")]),
    ("paths", {"start": {"event": "\0"}}, [("start.event", "nul_character")]),
    ("paths", {"end": {"what": 1}}, [("end.what", "unknown_field")]),
    ("paths", {"gap_seconds": True}, [("gap_seconds", "invalid_type")]),
]
A = {"series": "A"}
VALUE = {"kind": "value", "value": "view_item"}
COUNTRY = {"breakdown": {"property": "country"}}
CELLS: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("trends", {}, [("cell", "missing_field")]),
    ("trends", {"cell": {}}, [("cell.series", "missing_field")]),
    ("trends", {"cell": {"series": "B"}}, [("cell.series", "unknown_series")]),
    ("trends", {"cell": {"series": "\ud800"}}, [("cell.series", "unknown_series")]),
    ("trends", {"cell": {**A, "bucket": 3}}, [("cell.bucket", "out_of_range")]),
    ("trends", {"cell": {**A, "bucket": -1}}, [("cell.bucket", "out_of_range")]),
    ("trends", {"cell": {**A, "group": VALUE}}, [("cell.group", "no_breakdown")]),
    (
        "trends",
        {**COUNTRY, "cell": {**A, "group": {"kind": "value"}}},
        [("cell.group.value", "missing_field")],
    ),
    (
        "trends",
        {**COUNTRY, "cell": {**A, "group": {"kind": "value", "value": [1]}}},
        [("cell.group.value", "invalid_type")],
    ),
    (
        "trends",
        {**COUNTRY, "cell": {**A, "group": {"kind": "value", "value": "\0"}}},
        [("cell.group.value", "nul_character")],
    ),
    (
        "trends",
        {**COUNTRY, "cell": {**A, "group": {"kind": "value", "value": 10**30}}},
        [("cell.group.value", "number_out_of_range")],
    ),
    (
        "trends",
        {**COUNTRY, "cell": {**A, "group": {"kind": "none", "value": "UA"}}},
        [("cell.group.value", "unexpected_value")],
    ),
    (
        "trends",
        {"series": [{"measure": "sum", "property": "price"}], "cell": A},
        [("cell.series", "counts_no_users")],
    ),
    ("trends", {"cell": A, "limit": 0}, [("limit", "out_of_range")]),
    ("trends", {"cell": A, "limit": 1001}, [("limit", "out_of_range")]),
    ("trends", {"cell": A, "cursor": 7}, [("cursor", "invalid_type")]),
    (
        "trends",
        {"range": {"from": "1970-01-01", "to": "2025-01-01"}, "cell": {**A, "bucket": 1}},
        [("range.to", "too_many_buckets")],
    ),
    ("funnel", {"cell": {"step": 3}}, [("cell.step", "out_of_range")]),
    ("funnel", {"cell": {"step": 1, "outcome": "dropped"}}, [("cell.step", "out_of_range")]),
    ("funnel", {"cell": {"outcome": "won"}}, [("cell.outcome", "invalid_outcome")]),
    ("funnel", {"cell": {"group": VALUE}}, [("cell.group", "unknown_group")]),
    ("retention", {"cell": {"cohort": 5}}, [("cell.cohort", "unknown_cell")]),
    ("retention", {"cell": {"cohort": 0, "column": 9}}, [("cell.column", "unknown_cell")]),
    ("lifecycle", {"cell": {"bucket": 0}}, [("cell.class", "missing_field")]),
    (
        "lifecycle",
        {"cell": {"class": "asleep", "bucket": 0}},
        [("cell.class", "invalid_class")],
    ),
    ("lifecycle", {"cell": {"class": "new", "bucket": 3}}, [("cell.bucket", "unknown_cell")]),
    ("stickiness", {"cell": {"buckets": 0}}, [("cell.buckets", "unknown_cell")]),
    ("stickiness", {"cell": {"buckets": 4}}, [("cell.buckets", "unknown_cell")]),
    (
        "stickiness",
        {"cell": {"buckets": 1, "count": "at_most"}},
        [("cell.count", "invalid_count")],
    ),
    ("sessions", {"cell": {"bucket": 3}}, [("cell.bucket", "out_of_range")]),
    ("paths", {"cell": {"step": 6, "source": VALUE}}, [("cell.step", "out_of_range")]),
    (
        "paths",
        {"cell": {"step": 1, "source": {"kind": "none"}}},
        [("cell.source", "invalid_group")],
    ),
    (
        "paths",
        {"cell": {"step": 1, "source": VALUE, "target": {"kind": "other"}}},
        [("cell.target", "invalid_group")],
    ),
    (
        "paths",
        {"cell": {"step": 1, "source": VALUE}, "users_limit": 0},
        [("users_limit", "out_of_range")],
    ),
]


async def faults(api: Api, keys: dict[str, Headers], kind: str, body: object) -> Any:
    """Return the paths and codes of what is refused."""
    headers = {**keys["read"], "Content-Type": "application/json"}
    answer = await api.post(f"/api/v1/query/{kind}", content=json.dumps(body), headers=headers)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["code"] == "invalid_query"
    assert all(fault["message"] for fault in problem["errors"])
    return [(fault["path"], fault["code"]) for fault in problem["errors"]]


def changed(kind: str, change: dict[str, Any]) -> dict[str, Any]:
    """Return a valid question with some fields replaced; those that are ... are left out."""
    return {name: value for name, value in {**VALID[kind], **change}.items() if value is not ...}


@pytest.mark.parametrize("kind", VALID)
async def test_what_is_changed_below_is_valid_before(
    api: Api, keys: dict[str, Headers], kind: str
) -> None:
    answer = await api.post(f"/api/v1/query/{kind}", json=VALID[kind], headers=keys["read"])
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", VALID)
async def test_what_no_question_can_mean_is_named(
    api: Api, keys: dict[str, Headers], kind: str
) -> None:
    for name, (change, expected) in COMMON.items():
        assert await faults(api, keys, kind, changed(kind, change)) == expected, name


@pytest.mark.parametrize(
    ("kind", "change", "expected"), OWN, ids=[f"{kind}-{e[0][0]}" for kind, _, e in OWN]
)
async def test_what_this_question_cannot_mean_is_named(
    api: Api,
    keys: dict[str, Headers],
    kind: str,
    change: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert await faults(api, keys, kind, changed(kind, change)) == expected


@pytest.mark.parametrize(
    ("kind", "change", "expected"), CELLS, ids=[f"{kind}-{e[0][0]}" for kind, _, e in CELLS]
)
async def test_a_cell_that_is_not_there_is_named(
    api: Api,
    keys: dict[str, Headers],
    kind: str,
    change: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert await faults(api, keys, f"{kind}/users", changed(kind, change)) == expected


async def test_what_is_at_the_bounds_is_answered(api: Api, keys: dict[str, Headers]) -> None:
    bounds: list[tuple[str, dict[str, Any]]] = [
        ("trends", {"series": [VIEW] * 26, "where": [IS_SET] * 50}),
        (
            "trends",  # 10,000 days
            {"range": {"from": "1990-01-01T00:00:00Z", "to": "2017-05-19T00:00:00Z"}},
        ),
        ("funnel", {"steps": [VIEW] * 20, "window_seconds": 366 * 86_400}),
        ("funnel", {"window_seconds": 1}),
        ("retention", {"periods": 0}),
        ("retention", {"periods": 366}),
        ("sessions", {"gap_seconds": 86_400}),
        ("paths", {"max_steps": 20, "limit": 1000}),
        ("trends/users", {"cell": A, "limit": 1000}),
    ]
    for kind, change in bounds:
        body = changed(kind.removesuffix("/users"), change)
        answer = await api.post(f"/api/v1/query/{kind}", json=body, headers=keys["read"])
        assert answer.status_code == 200, (kind, answer.text)


BODIES = {
    "nothing": (b"", "invalid_json"),
    "no JSON": (b"{range:", "invalid_json"),
    "no UTF-8": (b'{"\xff": 1}', "invalid_json"),
    "NaN": (b'{"range": NaN}', "invalid_json"),
    "a list": (b"[]", "invalid_type"),
    "null": (b"null", "invalid_type"),
    "too deep": (b"[" * 100_000, "too_deep"),
}


@pytest.mark.parametrize("kind", ["trends", "funnel/users"])
@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_is_no_question_is_named(
    api: Api, keys: dict[str, Headers], kind: str, body: bytes, code: str
) -> None:
    headers = {**keys["read"], "Content-Type": "application/json"}
    answer = await api.post(f"/api/v1/query/{kind}", content=body, headers=headers)
    assert answer.status_code == 422
    assert [(f["path"], f["code"]) for f in answer.json()["errors"]] == [("", code)]


@pytest.mark.parametrize("number", ["1" * 300, "1" * 5000, "1e999", "-1e999"])
async def test_a_number_beyond_all_types_is_named_where_it_stands(
    api: Api, keys: dict[str, Headers], number: str
) -> None:
    headers = {**keys["read"], "Content-Type": "application/json"}
    body = json.dumps({**VALID["trends"], "where": [{"property": "a", "op": "eq", "value": 0}]})
    sent = body.replace('"value": 0', f'"value": {number}')
    answer = await api.post("/api/v1/query/trends", content=sent, headers=headers)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["path"], fault["code"]) == ("where[0].value", "number_out_of_range")


async def test_a_question_has_a_bound(api: Api, keys: dict[str, Headers]) -> None:
    headers = {**keys["read"], "Content-Type": "application/json"}
    body = json.dumps(VALID["trends"])
    padded = body + " " * (1024 * 1024 - len(body))
    for sent, status in ((padded, 200), (padded + " ", 413)):
        answer = await api.post("/api/v1/query/trends", content=sent, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    "where", [[1] * 1000, [{"property": "", "op": "is_set"}] * 1000], ids=["shape", "meaning"]
)
async def test_of_very_many_faults_the_first_are_told(
    api: Api, keys: dict[str, Headers], where: list[Any]
) -> None:
    assert len(await faults(api, keys, "paths", changed("paths", {"where": where}))) == 100


async def test_a_question_must_be_declared_as_json(api: Api, keys: dict[str, Headers]) -> None:
    headers = {**keys["read"], "Content-Type": "text/plain"}
    answer = await api.post("/api/v1/query/trends", content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("event-types?limit=0", [("limit", "out_of_range")]),
        ("event-types?limit=1001", [("limit", "out_of_range")]),
        ("event-types?event_type=a", [("event_type", "unknown_parameter")]),
        ("properties?event_type=", [("event_type", "empty_text")]),
        ("values", [("property", "missing_parameter")]),
        ("values?property=", [("property", "empty_text")]),
        ("values?property=a&event_type=%00", [("event_type", "nul_character")]),
    ],
)
async def test_what_cannot_be_discovered_is_named(
    api: Api, keys: dict[str, Headers], address: str, expected: list[tuple[str, str]]
) -> None:
    answer = await api.get(f"/api/v1/schema/{address}", headers=keys["read"])
    assert answer.status_code == 422
    assert [(f["path"], f["code"]) for f in answer.json()["errors"]] == expected
