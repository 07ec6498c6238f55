"""The arithmetic of measures, the same for every way of counting.

Sums are exact over the decimal text of each number and become 64-bit floats once, at the end;
percentiles are taken of 64-bit floats. Source: docs/semantics.md, "Trends".
"""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import MISSING, resolve
from eventanalytics.domain.json_values import canonical, scalar_type
from eventanalytics.domain.trends_query import Measure, TrendsSeries


def measured(series: TrendsSeries, events: Sequence[Event]) -> float | None:
    """Return what *series* measures of *events*, all of which it matches.

    Counts and sums of nothing are 0, every other measure of nothing is None.
    """
    measure = series.measure
    users = len({event.user_id for event in events})
    if measure is Measure.EVENTS:
        return len(events)
    if measure.counts_users:
        return users
    if measure is Measure.EVENTS_PER_USER:
        return ratio(len(events), users)
    return _measured_numbers(measure, list(_numbers(series, events)))


def exact_sum(numbers: Iterable[float]) -> Fraction:
    """Return the sum of the numbers as their shortest decimal text has them."""
    return sum((Fraction(repr(number)) for number in numbers), Fraction())


def ratio(dividend: int | Fraction | Decimal, divisor: int) -> float | None:
    """Return the float nearest to the exact ratio; None where that is nothing or has no float.

    >>> ratio(1, 3), ratio(1, 0), ratio(10**400, 1)
    (0.3333333333333333, None, None)
    """
    if divisor == 0:
        return None
    try:
        return float(Fraction(dividend) / divisor)
    except OverflowError:
        return None


def places(part: float, count: int) -> tuple[int, int, float]:
    """Return between which two of *count* > 0 sorted numbers a percentile lies, and how far.

    >>> places(0.5, 4), places(0.5, 3)
    ((1, 2, 0.5), (1, 1, 0.0))
    """
    place = part * (count - 1)
    below = math.floor(place)
    return below, math.ceil(place), place - below


def between(low: float, high: float, fraction: float) -> float | None:
    """Return the number *fraction* of the way from *low* to *high*; None if it is not finite."""
    found = low + (high - low) * fraction
    return found if math.isfinite(found) else None


def _measured_numbers(measure: Measure, numbers: list[float]) -> float | None:
    if measure is Measure.SUM:
        return ratio(exact_sum(numbers), 1)
    if not numbers:
        return None
    if measure is Measure.AVERAGE:
        return ratio(exact_sum(numbers), len(numbers))
    floats = sorted(map(float, numbers))
    if measure.rank is None:
        return floats[0] if measure is Measure.MINIMUM else floats[-1]
    low, high, fraction = places(measure.rank, len(floats))
    return between(floats[low], floats[high], fraction)


def _numbers(series: TrendsSeries, events: Iterable[Event]) -> Iterable[float]:
    """Yield the numbers that the events have under the property; other values are left out."""
    for event in events:
        found = resolve(event, series.property or "")
        if found is not MISSING and scalar_type(found) == "number":
            yield cast("float", canonical(found))
