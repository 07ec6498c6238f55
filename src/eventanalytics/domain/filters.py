"""Conditions on events: one property, one operator, one value.

Source: docs/semantics.md, "Filters and breakdowns".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Final, cast

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.json_values import (
    JSONValue,
    canonical,
    character_faults,
    json_equal,
    number_faults,
    scalar_type,
)
from eventanalytics.errors import Fault, InvalidQueryError

USER_ID: Final = "$user_id"
EVENT_TYPE: Final = "$event_type"

MAX_CONDITIONS = 50
MAX_VALUES = 1000

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Operator(Enum):
    """How the value of a property is compared; each ``not`` negates its positive exactly."""

    EQ = "eq"
    NEQ = "neq"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IS_SET = "is_set"
    IS_NOT_SET = "is_not_set"

    @property
    def positive(self) -> "Operator":
        """The operator that this one negates; itself when it negates none."""
        return _NEGATIONS.get(self, self)


_NEGATIONS: Mapping[Operator, Operator] = {
    Operator.NEQ: Operator.EQ,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.IS_NOT_SET: Operator.IS_SET,
}


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""What `resolve` answers for a property that an event does not have; JSON's null is a value."""


class Condition(msgspec.Struct, frozen=True):
    """One condition on one property.

    `property` is a top-level key, or a path ``a.b`` into nested objects where no such key exists,
    or one of the reserved names ``$user_id`` and ``$event_type``. `value` is a list of scalars for
    ``in`` and ``not_in``, a text for the text operators, a number for the order operators, nothing
    for ``is_set`` and ``is_not_set``, and a text, number or boolean otherwise.

    Raises:
        InvalidQueryError: The operator cannot be asked with this value.
    """

    property: str
    op: Operator
    value: Any = None

    def __post_init__(self) -> None:
        faults = character_faults(self.property, "property")
        if not self.property:
            faults.append(Fault("property", "empty_text", "must not be empty"))
        faults.extend(_value_faults(self.op.positive, self.value))
        if faults:
            raise InvalidQueryError(faults)

    def operand(self) -> JSONValue:
        """The value in its canonical form; for ``$user_id`` an integer is its decimal text."""
        if self.property == USER_ID:
            value = cast("JSONValue", self.value)
            if isinstance(value, list):
                return [_as_user_id(item) for item in cast("list[JSONValue]", value)]
            return _as_user_id(value)
        return canonical(self.value)

    def means_same_as(self, other: "Condition") -> bool:
        """Tell whether both ask the same; 1 and 1.0 are the same value, 1 and true are not."""
        return (
            self.property == other.property
            and self.op is other.op
            and json_equal(self.operand(), other.operand())
        )

    def matches(self, event: Event) -> bool:
        """Tell whether *event* fulfils this condition."""
        positive = self.op.positive
        found = _TESTS[positive](resolve(event, self.property), self.operand())
        return found if positive is self.op else not found


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which events of a project are meant; all parts given must hold, an empty filter means all.

    Raises:
        InvalidQueryError: There are more than 50 conditions, or a text that no event can have.
    """

    user_id: str | None = None
    event_type: str | None = None
    since: datetime | None = None
    """The first instant that belongs, in UTC."""
    until: datetime | None = None
    """The first instant that does not belong any more, in UTC."""
    where: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        faults = character_faults(self.user_id or "", "user_id")
        faults += character_faults(self.event_type or "", "event_type")
        if len(self.where) > MAX_CONDITIONS:
            message = f"holds {len(self.where)} conditions, at most {MAX_CONDITIONS} are allowed"
            faults.append(Fault("where", "too_many_conditions", message))
        if faults:
            raise InvalidQueryError(faults)

    def matches(self, event: Event) -> bool:
        """Tell whether *event* is meant."""
        return (
            (self.user_id is None or event.user_id == self.user_id)
            and (self.event_type is None or event.event_type == self.event_type)
            and (self.since is None or event.occurred_at >= self.since)
            and (self.until is None or event.occurred_at < self.until)
            and all_match(self.where, event)
        )


def all_match(conditions: Sequence[Condition], event: Event) -> bool:
    """Tell whether *event* fulfils every one of *conditions*."""
    return all(condition.matches(event) for condition in conditions)


def untyped(name: str, text: str) -> Condition:
    """Return the condition of a query string, where a value has no type.

    It matches the text, and also the number or the boolean so written.

    >>> untyped("price", "5").value
    ['5', 5]
    """
    values: list[JSONValue] = [text]
    if text in {"true", "false"}:
        values.append(text == "true")
    elif _JSON_NUMBER.fullmatch(text) and len(text) <= 400:
        number = float(text) if re.search(r"[.eE]", text) else int(text)
        if number_faults(number, name):  # no 64-bit integer: then it is the float so written
            number = float(text)
        if not number_faults(number, name):
            values.append(number)
    return Condition(name, Operator.IN, values)


def resolve(event: Event, name: str) -> JSONValue | _Missing:
    """Return the value that *event* has under the property *name*, or `MISSING`."""
    if name == USER_ID:
        return event.user_id
    if name == EVENT_TYPE:
        return event.event_type
    value: Any = event.properties
    if name in value:
        return cast("JSONValue", value[name])
    for key in name.split("."):
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = cast("dict[str, Any]", value)[key]
    return cast("JSONValue", value)


def _as_user_id(value: JSONValue) -> JSONValue:
    return str(value) if type(value) is int else canonical(value)


def _equals(found: JSONValue | _Missing, operand: JSONValue) -> bool:
    return found is not MISSING and json_equal(canonical(found), operand)


def _is_among(found: JSONValue | _Missing, operand: JSONValue) -> bool:
    return isinstance(operand, list) and any(_equals(found, item) for item in operand)


def _is_set(found: JSONValue | _Missing, _operand: JSONValue) -> bool:
    return found is not MISSING and found is not None


def _on_texts(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda found, operand: isinstance(found, str) and test(found, operand)


def _on_numbers(test: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    return lambda found, operand: (
        found is not MISSING and scalar_type(found) == "number" and test(found, operand)
    )


_TESTS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: _equals,
    Operator.IN: _is_among,
    Operator.IS_SET: _is_set,
    Operator.CONTAINS: _on_texts(lambda found, part: part in found),
    Operator.STARTS_WITH: _on_texts(str.startswith),
    Operator.ENDS_WITH: _on_texts(str.endswith),
    Operator.GT: _on_numbers(lambda found, bound: found > bound),
    Operator.GTE: _on_numbers(lambda found, bound: found >= bound),
    Operator.LT: _on_numbers(lambda found, bound: found < bound),
    Operator.LTE: _on_numbers(lambda found, bound: found <= bound),
}

_ORDERS = {Operator.GT, Operator.GTE, Operator.LT, Operator.LTE}
_TEXTS = {Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH}


def _value_faults(op: Operator, value: JSONValue) -> list[Fault]:
    """Return what keeps *value* from being asked for with the positive operator *op*."""
    if op is Operator.IS_SET:
        unexpected = Fault("value", "unexpected_value", "this operator takes no value")
        return [] if value is None else [unexpected]
    if op is Operator.IN:
        return _list_faults(value)
    wanted = "text" if op in _TEXTS else "number" if op in _ORDERS else None
    if wanted is not None and scalar_type(value) != wanted:
        return [Fault("value", "invalid_type", f"must be a {wanted}")]
    return _scalar_faults(value, "value")


def _list_faults(value: JSONValue) -> list[Fault]:
    if not isinstance(value, list):
        return [Fault("value", "invalid_type", "must be a list")]
    if len(value) > MAX_VALUES:
        message = f"holds {len(value)} values, at most {MAX_VALUES} are allowed"
        return [Fault("value", "too_many_values", message)]
    items = enumerate(cast("list[JSONValue]", value))
    return [fault for i, item in items for fault in _scalar_faults(item, f"value[{i}]")]


def _scalar_faults(value: JSONValue, path: str) -> list[Fault]:
    match value:
        case str():
            return character_faults(value, path)
        case bool():
            return []
        case int() | float():
            return number_faults(value, path)
        case _:
            message = "must be a text, a number or a boolean; for null there is is_not_set"
            return [Fault(path, "invalid_type", message)]
