"""The arithmetic of measures at its edges."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from eventanalytics.domain.events import Event
from eventanalytics.domain.trends_measures import between, measured, places
from eventanalytics.domain.trends_query import Measure, TrendsSeries

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
LARGEST = 1.7976931348623157e308


def of(measure: Measure, *values: Any) -> float | None:
    log = [
        Event(
            event_id=UUID(int=index),
            user_id="ann",
            event_type="buy",
            occurred_at=NOON,
            received_at=NOON,
            properties={"price": value},
        )
        for index, value in enumerate(values)
    ]
    return measured(TrendsSeries(measure=measure, property="price"), log)


def test_a_sum_is_exact_over_decimal_texts() -> None:
    assert of(Measure.SUM, *[0.1] * 10) == 1.0
    assert of(Measure.SUM, 1e300, 0.25, -1e300) == 0.25
    assert of(Measure.SUM, 2**63, 1, -(2**63)) == 1.0
    assert of(Measure.AVERAGE, 0.1, 0.2) == 0.15


def test_what_is_no_number_is_left_out() -> None:
    values = (1, "2", True, None, [3], {"a": 4}, "")
    assert of(Measure.SUM, *values) == of(Measure.AVERAGE, *values) == 1.0
    assert of(Measure.MAXIMUM, *values) == of(Measure.MEDIAN, *values) == 1.0


@pytest.mark.parametrize("measure", [one for one in Measure if one.of_property])
def test_of_no_numbers_only_the_sum_is_something(measure: Measure) -> None:
    nothing = [of(measure), of(measure, "free")]
    assert repr(nothing) == repr([0.0, 0.0] if measure is Measure.SUM else [None, None])


def test_what_no_float_can_hold_is_nothing() -> None:
    assert of(Measure.SUM, LARGEST, LARGEST) is None
    assert of(Measure.AVERAGE, LARGEST, LARGEST) == LARGEST
    assert of(Measure.MEDIAN, -LARGEST, LARGEST) is None
    assert of(Measure.MEDIAN, LARGEST, LARGEST) == LARGEST
    assert of(Measure.MAXIMUM, -LARGEST, LARGEST) == LARGEST


@pytest.mark.parametrize("measure", [one for one in Measure if one.of_property])
def test_every_value_is_a_float_of_the_number_itself(measure: Measure) -> None:
    found = of(measure, 2**64 - 1)
    assert type(found) is float
    assert found == 2.0**64


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert of(Measure.MEDIAN, 3, 1, 2, 10) == 2.5
    assert of(Measure.MEDIAN, 3, 1, 2) == 2.0
    assert of(Measure.P90, *range(11)) == 9.0
    assert of(Measure.P90, 1, 2) == 1.9
    assert [of(Measure.P99, value) for value in (0, -1.5)] == [0.0, -1.5]


def test_a_place_is_an_index_and_how_far_beyond_it() -> None:
    assert places(0.5, 1) == (0, 0, 0.0)
    assert places(0.5, 2) == (0, 1, 0.5)
    assert places(0.9, 11) == (9, 9, 0.0)
    assert between(1.0, 3.0, 0.25) == 1.5
