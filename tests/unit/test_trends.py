"""Trends: every value against a second opinion."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import floor, inf, isclose
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.breakdowns import json_text
from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import MISSING, resolve
from eventanalytics.domain.time import DateRange, Interval
from eventanalytics.domain.trends import Trends, count_trends
from eventanalytics.domain.trends_query import Measure, TrendsQuery, TrendsSeries
from eventanalytics.testing.oracles import exists, hours_between, label, local_day, spell
from eventanalytics.testing.strategies import worlds
from eventanalytics.testing.trends_strategies import (
    TrendsQuestion,
    measured_logs,
    trends_questions,
)

Log = list[Event]
Inside = Callable[[Event], bool]

DAY = timedelta(days=1)
EXACT = Context(prec=2000)
PARTS = {
    Measure.MEDIAN: (1, 2),
    Measure.P90: (9, 10),
    Measure.P95: (19, 20),
    Measure.P99: (99, 100),
}

asked = worlds().flatmap(
    lambda world: st.tuples(
        trends_questions(world),
        measured_logs(world).map(
            lambda log: list({event.event_id: event for event in log}.values())
        ),
    )
)


class Opinion:
    """Trends by wall clocks: each event's local day is looked up, nothing is cut by instants."""

    def __init__(self, query: TrendsQuery, log: Log) -> None:
        self.query, self.zone = query, query.calendar.timezone
        self.log = [event for event in log if all(one.matches(event) for one in query.where)]

    def in_range(self, event: Event) -> bool:
        wanted = self.query.range
        if isinstance(wanted, DateRange):
            return wanted.first <= local_day(self.zone, event.occurred_at) <= wanted.last
        return wanted.since <= event.occurred_at < wanted.until

    def before_the_end(self, event: Event) -> bool:
        wanted = self.query.range
        if isinstance(wanted, DateRange):
            return local_day(self.zone, event.occurred_at) <= wanted.last
        return event.occurred_at < wanted.until

    def pieces(self, days: int | None) -> Iterator[Inside]:
        """Yield what tells whether an event counts in a bucket, for each bucket in order."""
        if self.query.interval is Interval.HOUR:
            yield from self._hours(days)
            return
        for first in self._labels():
            if days is None:
                yield partial(self._is_labelled, first)
            else:
                yield partial(self._is_active, self._last_day(first), days)

    def _is_labelled(self, first: date, event: Event) -> bool:
        return self.in_range(event) and self._label(event) == first

    def _is_active(self, last: date, days: int, event: Event) -> bool:
        day = local_day(self.zone, event.occurred_at)
        return self.before_the_end(event) and last - days * DAY < day <= last

    def _label(self, event: Event) -> date:
        day = local_day(self.zone, event.occurred_at)
        return label(day, self.query.interval, self.query.calendar.week_start)

    def _labels(self) -> list[date]:
        wanted = self.query.range
        if isinstance(wanted, DateRange):
            first, last = wanted.first, wanted.last
        else:
            first = local_day(self.zone, wanted.since)
            last = local_day(self.zone, wanted.until - timedelta(microseconds=1))
        days = [first + i * DAY for i in range((last - first).days + 1)]
        start = self.query.calendar.week_start
        known = [label(day, self.query.interval, start) for day in days if exists(self.zone, day)]
        return sorted(set(known))

    def _last_day(self, first: date) -> date:
        start, last = self.query.calendar.week_start, first
        while label(last + DAY, self.query.interval, start) == first:
            last += DAY
        return last

    def _hours(self, days: int | None) -> Iterator[Inside]:
        within = self.query.within()  # where days begin is not what is looked at here
        if within.since == within.until:
            return
        since = within.since.replace(second=0, microsecond=0) - timedelta(hours=3)
        until = within.until.replace(second=0, microsecond=0) + timedelta(hours=3)
        starts = hours_between(self.zone, since, until)
        for start, end in pairwise(starts):
            if end > within.since and start < within.until:
                begin = start if days is None else end - days * DAY
                yield partial(self._is_between, begin, end, days)

    def _is_between(self, begin: datetime, end: datetime, days: int | None, event: Event) -> bool:
        inside = self.in_range(event) if days is None else self.before_the_end(event)
        return inside and begin <= event.occurred_at < end

    def key(self, event: Event) -> tuple[str, str, str]:
        """Return the group of an event: its value spelt, its text, its type."""
        assert self.query.breakdown is not None
        value: Any = resolve(event, self.query.breakdown.property)
        if value is MISSING or value is None:
            return ("none", "", "")
        if isinstance(value, list | dict):
            value = json_text(value)
        if isinstance(value, str):
            return (spell(value), value, "text")
        if isinstance(value, bool):
            return (spell(value), "true" if value else "false", "boolean")
        return (spell(value), format(Decimal(repr(value)), "f"), "number")

    def groups(self) -> list[Inside]:
        """Return what tells whether an event belongs to each group, in the order of groups."""
        if self.query.breakdown is None:
            return [lambda _: True]
        sizes = Counter(
            self.key(event)
            for event in self.log
            if self.in_range(event) and any(one.matches(event) for one in self.query.series)
        )
        order = sorted(sizes, key=lambda key: (-sizes[key], key[1], key[2]))
        shown = order[: self.query.breakdown.limit]
        found: list[Inside] = [lambda event, key=key: self.key(event) == key for key in shown]  # type: ignore[misc]
        if len(order) > len(shown):
            found.append(lambda event: self.key(event) not in shown)
        return found

    def answer(self) -> list[tuple[list[float | None], float | None]]:
        found: list[tuple[list[float | None], float | None]] = []
        for series in self.query.series:
            days = series.measure.days
            for group in self.groups():
                log = [event for event in self.log if series.matches(event) and group(event)]
                values = [
                    value_of(series, [event for event in log if inside(event)])
                    for inside in self.pieces(days)
                ]
                whole = [event for event in log if self.in_range(event)]
                found.append((values, value_of(series, whole) if days is None else None))
        return found


def value_of(series: TrendsSeries, log: Log) -> float | None:
    measure = series.measure
    users = len({event.user_id for event in log})
    if measure is Measure.EVENTS:
        return len(log)
    if "users" in measure.value:
        return users
    if measure is Measure.EVENTS_PER_USER:
        return len(log) / users if users else None
    values: list[Any] = [resolve(event, series.property or "") for event in log]
    return value_of_numbers(measure, sorted(v for v in values if type(v) in {int, float}))


def value_of_numbers(measure: Measure, numbers: list[float]) -> float | None:
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, Decimal(repr(number)))
    if measure is Measure.SUM:
        return finite(Fraction(total))
    if not numbers:
        return None
    if measure is Measure.AVERAGE:
        return finite(Fraction(total) / len(numbers))
    if measure in {Measure.MINIMUM, Measure.MAXIMUM}:
        return float(numbers[0 if measure is Measure.MINIMUM else -1])
    part = Fraction(*PARTS[measure]) * (len(numbers) - 1)
    low, high = numbers[floor(part)], numbers[-floor(-part)]
    if float(high) - float(low) == inf:  # the distance between the two is no float
        return None
    return finite(Fraction(low) + (Fraction(high) - Fraction(low)) * (part - floor(part)))


def finite(exact: Fraction) -> float | None:
    try:
        return float(exact)
    except OverflowError:
        return None


def close(found: float | None, expected: float | None) -> bool:
    """Tell whether two values are one, but for the last bits of an interpolation."""
    if found is None or expected is None:
        return found is expected
    return type(found) is type(expected) and isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@given(asked)
def test_every_value_is_that_of_a_second_opinion(case: tuple[TrendsQuestion, Log]) -> None:
    question, log = case
    query = question.query
    for one, answered in parts(query, log, question.now):
        expected = Opinion(one, log).answer()
        found = [series for series in answered.series if series.label != "formula"]
        assert len(found) == len(expected)
        for series, (values, total) in zip(found, expected, strict=True):
            assert len(series.values) == len(values)
            assert all(map(close, series.values, values)), (series, values)
            assert close(series.total, total)


def parts(query: TrendsQuery, log: Log, now: datetime) -> Iterator[tuple[TrendsQuery, Trends]]:
    """Yield the question and its answer, and those of the range before where it is compared."""
    found = count_trends(query, log, now)
    yield query, found
    assert (found.previous is not None) == query.compare
    if found.previous is not None:
        before = query.before()
        assert before.within().until == query.within().since
        yield before, found.previous


class Maybe:
    """A number or nothing, which Python's own operators calculate with."""

    def __init__(self, value: float | None) -> None:
        self.value = value

    def with_(self, other: "Maybe", operation: Callable[[float, float], float]) -> "Maybe":
        if self.value is None or other.value is None:
            return Maybe(None)
        try:
            found = operation(self.value, other.value)
        except ZeroDivisionError:
            return Maybe(None)
        return Maybe(found if found - found == 0 else None)

    def __add__(self, other: "Maybe") -> "Maybe":
        return self.with_(other, lambda a, b: a + b)

    def __sub__(self, other: "Maybe") -> "Maybe":
        return self.with_(other, lambda a, b: a - b)

    def __mul__(self, other: "Maybe") -> "Maybe":
        return self.with_(other, lambda a, b: a * b)

    def __truediv__(self, other: "Maybe") -> "Maybe":
        return self.with_(other, lambda a, b: a / b)

    def __neg__(self) -> "Maybe":
        return Maybe(None if self.value is None else -self.value)


def calculated(text: str, operands: dict[str, float | None]) -> float | None:
    names = {name: Maybe(None if v is None else float(v)) for name, v in operands.items()}
    numbers = re.sub(r"[0-9]+(?:\.[0-9]+)?", lambda found: f"Maybe({found.group()}.0)", text)
    numbers = re.sub(r"(\.[0-9]+)\.0\)", r"\1)", numbers)
    found = eval(numbers, {"Maybe": Maybe, **names})
    assert isinstance(found, Maybe)
    return found.value


@given(asked)
def test_a_formula_is_what_python_calculates_bucket_by_bucket(
    case: tuple[TrendsQuestion, Log],
) -> None:
    question, log = case
    query = question.query
    found = count_trends(query, log, question.now)
    formulas = [series for series in found.series if series.label == "formula"]
    groups = list(dict.fromkeys(series.group for series in found.series))
    assert [series.group for series in formulas] == ([] if query.formula is None else groups)
    for series in formulas:
        assert query.formula is not None
        rows = {one.label: one for one in found.series if one.group == series.group}
        operands = {label: rows[label] for label in query.labels}
        for index, value in enumerate(series.values):
            at = {label: one.values[index] for label, one in operands.items()}
            assert value == calculated(query.formula, at)
        totals = {label: one.total for label, one in operands.items()}
        assert series.total == calculated(query.formula, totals)
