"""Questions of the core, made of their bodies: every part is tried, every fault is named."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Final, TypedDict, TypeVar

from msgspec import UNSET

from eventanalytics.domain.breakdowns import Group, GroupKind
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.json_values import JSONValue, canonical, character_faults, number_faults
from eventanalytics.domain.selection import EventSelector, QueryRange, range_faults
from eventanalytics.domain.time import Calendar, DateRange, TimeRange
from eventanalytics.errors import Fault, InvalidInputError, InvalidQueryError
from eventanalytics_adapters.http.parsing import Moment, day_or_instant
from eventanalytics_adapters.http.wire.questions import (
    ConditionBody,
    GroupBody,
    QuestionBody,
    RangeBody,
    SelectorBody,
)
from eventanalytics_adapters.http.wire.shapes import MAX_FAULTS

T = TypeVar("T")

# What stands where a part is wrong while the others are looked at; no rule of the core is broken.
_SOME_DAY: Final = DateRange(date(2000, 1, 1), date(2000, 1, 1))

_IN_BODIES: Final = {"from": "range.from", "to": "range.to"}


class Common(TypedDict):
    """The members of a `Question` of the core."""

    range: QueryRange
    calendar: Calendar
    where: tuple[Condition, ...]


class Parts:
    """Makes the parts of one question, and keeps what is wrong with any of them."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def common(self, body: QuestionBody) -> Common:
        """Make what every question has."""
        return {
            "range": self.part(lambda: _range(body.range)) or _SOME_DAY,
            "calendar": self.part(lambda: Calendar(body.timezone, body.week_start)) or Calendar(),
            "where": self.conditions(body.where, "where"),
        }

    def conditions(self, where: Sequence[ConditionBody], path: str) -> tuple[Condition, ...]:
        """Make conditions."""
        made = [
            self.part(partial(_condition, body), f"{path}[{index}]")
            for index, body in enumerate(where)
        ]
        return tuple(condition for condition in made if condition is not None)

    def selector(self, body: SelectorBody, path: str) -> EventSelector:
        """Make a selector."""
        return EventSelector(body.event, self.conditions(body.where, f"{path}.where"))

    def part(self, make: Callable[[], T], path: str = "") -> T | None:
        """Return what *make* makes; None when its faults, named below *path*, have been kept."""
        try:
            return make()
        except InvalidInputError as error:
            self._faults += [fault.under(path) for fault in named_as_in_bodies(error.faults)]
            return None

    def whole(self, make: Callable[[], T]) -> T:
        """Return the question that *make* makes of the parts.

        Raises:
            InvalidQueryError: Some part is wrong, or the whole.
        """
        made = self.part(make)
        if made is None or self._faults:
            raise InvalidQueryError(self._faults[:MAX_FAULTS])
        return made


def group(body: GroupBody, path: str) -> Group:
    """Make a group.

    Raises:
        InvalidQueryError: A value is missing, or is one that no group has.
    """
    value: JSONValue = body.value
    match value:
        case None if body.kind is not GroupKind.VALUE:
            return Group(body.kind)
        case str() | bool() | int() | float() if body.kind is GroupKind.VALUE:
            faults = (
                character_faults(value, f"{path}.value")
                if isinstance(value, str)
                else number_faults(value, f"{path}.value")
            )
            if faults:
                raise InvalidQueryError(faults)
            scalar = canonical(value)
            assert not isinstance(scalar, list | dict)  # noqa: S101 - a scalar stays one
            return Group(body.kind, scalar)
        case None:
            fault = Fault(f"{path}.value", "missing_field", "is required for the kind value")
        case _ if body.kind is GroupKind.VALUE:
            message = "must be a text, a number or a boolean"
            fault = Fault(f"{path}.value", "invalid_type", message)
        case _:
            message = f"the kind {body.kind.value} has no value"
            fault = Fault(f"{path}.value", "unexpected_value", message)
    raise InvalidQueryError([fault])


@contextmanager
def in_names_of_bodies() -> Generator[None]:
    """Name the faults that the core finds in the block as the bodies name their fields."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidQueryError(named_as_in_bodies(error.faults)) from None


def named_as_in_bodies(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield the faults of the core with the paths of the bodies."""
    for fault in faults:
        yield Fault(_IN_BODIES.get(fault.path, fault.path), fault.code, fault.message)


def _range(body: RangeBody) -> QueryRange:
    parts = Parts()
    since = parts.part(lambda: day_or_instant("range.from", body.since))
    until = parts.part(lambda: day_or_instant("range.to", body.until))
    return parts.whole(lambda: _between(since, until))


def _between(since: Moment | None, until: Moment | None) -> QueryRange:
    if since is None or until is None:
        return _SOME_DAY
    if isinstance(since, datetime) and isinstance(until, datetime):
        found = TimeRange(since, until)
        if faults := range_faults(found):
            raise InvalidQueryError(faults)
        return found
    if isinstance(since, datetime) or isinstance(until, datetime):
        message = "from and to must both be days or both be instants"
        raise InvalidQueryError.of("range", "mixed_range", message)
    return DateRange(since, until)


def _condition(body: ConditionBody) -> Condition:
    if body.value is UNSET and body.op.positive is not Operator.IS_SET:
        message = f"the operator {body.op.value} needs a value"
        raise InvalidQueryError.of("value", "missing_field", message)
    return Condition(body.property, body.op, None if body.value is UNSET else body.value)
