"""Conditions as they are written on a command line: ``price>=10``, ``plan is_set``.

    condition = property operator value | property "is_set" | property "is_not_set"
    property  = a JSON text | anything without spaces, quotes and = ! < >
    operator  = "=" | "!=" | ">" | ">=" | "<" | "<=" | a name of the API, with spaces around it
    value     = a JSON value | any other text, as it stands

The operators on texts (``contains``, ``starts_with``, …) take every value as text that is no JSON
text. A value that begins with ``"``, ``[`` or ``{`` must be JSON.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from eventanalytics.domain.filters import Operator

WrittenCondition: TypeAlias = Mapping[str, Any]
"""A condition as it stands in the body of a question."""

SYMBOLS: Final[Mapping[str, Operator]] = {
    "=": Operator.EQ,
    "!=": Operator.NEQ,
    ">=": Operator.GTE,
    "<=": Operator.LTE,
    ">": Operator.GT,
    "<": Operator.LT,
}
_SYMBOL_OF = {operator: symbol for symbol, operator in SYMBOLS.items()}
_TEXTS = frozenset({Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH})
_NAMES = ", ".join(operator.value for operator in Operator)

_BARE = re.compile(r'[^\s"=!<>]+')
_PROPERTY = re.compile(rf'\s*("(?:[^"\\]|\\.)*"|{_BARE.pattern})')
_SYMBOL = re.compile(r"\s*(!=|>=|<=|=|>|<)")
_WORD = re.compile(r"\s+([A-Za-z_]+)(?=\s|$)")


class ConditionError(ValueError):
    """A text is no condition; the message is a sentence that names the part."""


def parse_condition(text: str) -> WrittenCondition:
    """Return the condition that *text* writes.

    Raises:
        ConditionError: It writes none.

    >>> parse_condition("price>=10")
    {'property': 'price', 'op': 'gte', 'value': 10}
    >>> parse_condition('country in ["UA", "PL"]')
    {'property': 'country', 'op': 'in', 'value': ['UA', 'PL']}
    >>> parse_condition("plan is_set")
    {'property': 'plan', 'op': 'is_set'}
    """
    found = _PROPERTY.match(text)
    if found is None:
        message = f"{text!r} must begin with a property, as country=UA does"
        raise ConditionError(message)
    name, rest = _property(found[1]), text[found.end() :]
    operator, written = _operator(name, rest)
    if operator.positive is Operator.IS_SET:
        if written:
            message = f"{operator.value} takes no value, not {written!r}"
            raise ConditionError(message)
        return {"property": name, "op": operator.value}
    if not written:
        message = f'the value after {name} is missing; the empty text is written ""'
        raise ConditionError(message)
    return {"property": name, "op": operator.value, "value": _value(operator, written)}


def write_condition(condition: WrittenCondition) -> str:
    """Return the text that `parse_condition` reads as *condition*.

    >>> write_condition({"property": "country", "op": "eq", "value": "UA"})
    'country="UA"'
    """
    name, operator = str(condition["property"]), Operator(condition["op"])
    written = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    if operator.positive is Operator.IS_SET:
        return f"{written} {operator.value}"
    value = json.dumps(condition.get("value"), ensure_ascii=False)
    symbol = _SYMBOL_OF.get(operator)
    return f"{written}{symbol}{value}" if symbol else f"{written} {operator.value} {value}"


def _property(written: str) -> str:
    if not written.startswith('"'):
        return written
    try:
        return str(json.loads(written))
    except ValueError:
        message = f"the property {written} is no JSON text"
        raise ConditionError(message) from None


def _operator(name: str, rest: str) -> tuple[Operator, str]:
    """Return the operator that *rest* begins with, and what follows it."""
    if symbol := _SYMBOL.match(rest):
        return SYMBOLS[symbol[1]], rest[symbol.end() :].strip()
    word = _WORD.match(rest)
    if word is None:
        message = f"after {name} must follow = != > >= < <=, or with spaces around it: {_NAMES}"
        raise ConditionError(message)
    try:
        return Operator(word[1]), rest[word.end() :].strip()
    except ValueError:
        message = f"no operator is named {word[1]!r}; there are = != > >= < <= {_NAMES}"
        raise ConditionError(message) from None


def _value(operator: Operator, written: str) -> object:
    if operator.positive in _TEXTS and not written.startswith('"'):
        return written
    try:
        value: object = json.loads(written, parse_constant=_no_json)
    except (ValueError, RecursionError):
        if written[0] in '"[{':
            message = f"the value {written} begins as JSON does, and is none"
            raise ConditionError(message) from None
        return written
    if isinstance(value, float) and not math.isfinite(value):
        message = f"the value {written} is larger than any number of 64 bits"
        raise ConditionError(message)
    return value


def _no_json(name: str) -> object:
    raise ValueError(name)
