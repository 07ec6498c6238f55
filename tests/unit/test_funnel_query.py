"""What a funnel may be asked, and what is refused by path and code."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from eventanalytics import FunnelCell, FunnelQuery
from eventanalytics.domain.breakdowns import NONE
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.funnel import count_funnel
from eventanalytics.domain.funnel_query import (
    Attribution,
    Exclusion,
    FunnelBreakdown,
    FunnelOutcome,
)
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.time import DateRange, TimeRange
from eventanalytics.errors import InvalidQueryError

DAY = DateRange(date(2025, 8, 1), date(2025, 8, 1))
NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)
STEP = EventSelector("view")
CONDITIONS = (Condition("a", Operator.IS_SET),) * 51


def query(**asked: Any) -> FunnelQuery:
    return FunnelQuery(**{"range": DAY, "steps": (STEP, STEP, STEP), **asked})


@pytest.mark.parametrize(
    ("asked", "path", "code"),
    [
        ({"steps": (STEP,)}, "steps", "out_of_range"),
        ({"steps": (STEP,) * 21}, "steps", "out_of_range"),
        ({"steps": (STEP, EventSelector("a\0"))}, "steps[1].event", "nul_character"),
        (
            {"steps": (STEP, EventSelector(where=CONDITIONS))},
            "steps[1].where",
            "too_many_conditions",
        ),
        ({"where": CONDITIONS}, "where", "too_many_conditions"),
        ({"range": TimeRange(NOON, NOON)}, "range", "invalid_range"),
        ({"window_seconds": 0}, "window_seconds", "out_of_range"),
        ({"window_seconds": 366 * 86_400 + 1}, "window_seconds", "out_of_range"),
        ({"exclusions": (Exclusion("a"),) * 21}, "exclusions", "out_of_range"),
        ({"exclusions": (Exclusion("a\0"),)}, "exclusions[0].event", "nul_character"),
        ({"exclusions": (Exclusion("a", (), 0, 2),)}, "exclusions[0].from_step", "out_of_range"),
        ({"exclusions": (Exclusion("a", (), 1, 4),)}, "exclusions[0].to_step", "out_of_range"),
        (
            {"exclusions": (Exclusion("a", (), 2, 2),)},
            "exclusions[0].to_step",
            "invalid_step_order",
        ),
        (
            {"exclusions": (Exclusion("a", (), 3, 2),)},
            "exclusions[0].to_step",
            "invalid_step_order",
        ),
        (
            {"breakdown": FunnelBreakdown("a", attribution=Attribution.STEP, step=4)},
            "breakdown.step",
            "out_of_range",
        ),
    ],
    ids=str,
)
def test_a_query_out_of_bounds_is_refused(asked: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        query(**asked)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]


def test_every_fault_is_named() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        query(steps=(STEP,), window_seconds=0)
    assert [fault.path for fault in caught.value.faults] == ["steps", "window_seconds"]


@pytest.mark.parametrize(
    "asked",
    [
        {"steps": (STEP,) * 2},
        {"steps": (STEP,) * 20},
        {"window_seconds": 1},
        {"window_seconds": 366 * 86_400},
        {"exclusions": (Exclusion("a", (), 2, 3),) * 20},
        {"breakdown": FunnelBreakdown("a", attribution=Attribution.STEP, step=3)},
        {"breakdown": FunnelBreakdown("a", attribution=Attribution.LAST, step=9)},
        {
            "range": DateRange(date(9998, 12, 31), date(9998, 12, 31)),
            "window_seconds": 366 * 86_400,
        },
    ],
    ids=str,
)
def test_a_query_at_the_bounds_is_answered(asked: dict[str, Any]) -> None:
    found = count_funnel(query(**asked), [], NOON)
    assert {step.users for step in found.steps} == {0}
    assert {step.conversion_from_first for step in found.steps} == {None}


def test_an_attempt_may_reach_a_window_past_the_range() -> None:
    reach = query(window_seconds=60).reach()
    assert reach.since == datetime(2025, 8, 1, tzinfo=UTC)
    assert reach.until == datetime(2025, 8, 2, tzinfo=UTC) + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("cell", "path", "code"),
    [
        (FunnelCell(step=0), "cell.step", "out_of_range"),
        (FunnelCell(step=4), "cell.step", "out_of_range"),
        (FunnelCell(step=1, outcome=FunnelOutcome.DROPPED), "cell.step", "out_of_range"),
        (FunnelCell(step=2, outcome=FunnelOutcome.OPEN), "cell.step", "out_of_range"),
        (FunnelCell(group=NONE), "cell.group", "unknown_group"),
    ],
    ids=str,
)
def test_a_cell_that_is_not_there_is_refused(cell: FunnelCell, path: str, code: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        cell.check(query())
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]


def test_open_attempts_have_no_groups() -> None:
    cell = FunnelCell(outcome=FunnelOutcome.OPEN, group=NONE)
    with pytest.raises(InvalidQueryError):
        cell.check(query(breakdown=FunnelBreakdown("a")))
