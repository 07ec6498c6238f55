"""Formulas over the series of a question: ``A / B * 100``.

Numbers, the letters of the series, ``+ - * /`` with the usual precedence, signs and parentheses; at
most 200 characters, nested at most 20 levels. Source: docs/semantics.md, "Trends".
"""

import math
import re
from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from typing import Final, TypeAlias

import msgspec

from eventanalytics.errors import InvalidInputError, InvalidQueryError

LETTERS: Final = ascii_uppercase
"""What series are called by, in their order."""

MAX_LENGTH = 200
MAX_DEPTH = 20

_TOKEN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Z]|[-+*/()]")
_END: Final = ""

Operand: TypeAlias = "float | str | Operation"
"""A number, the letter of a series, or an operation on two of the three."""


class Operation(msgspec.Struct, frozen=True):
    """One of ``+ - * /``; a sign is the subtraction from nothing."""

    sign: str
    left: Operand
    right: Operand


class Formula(msgspec.Struct, frozen=True):
    """A formula that can be evaluated."""

    root: Operand

    def evaluate(self, values: Mapping[str, float | None]) -> float | None:
        """Return the value for those of the letters, in the arithmetic of 64-bit floats.

        None when an operand is None, when a divisor is 0, and when a result is not finite.

        >>> parse_formula("(A - B) / B * 100", "AB").evaluate({"A": 30, "B": 20})
        50.0
        """
        return _evaluate(self.root, values)


def parse_formula(text: str, letters: str) -> Formula:
    """Return the formula that *text* says, which may speak of *letters*.

    Raises:
        InvalidQueryError: It is no formula, too long or too deep, or names another letter.
    """
    if len(text) > MAX_LENGTH:
        message = f"has {len(text)} characters, at most {MAX_LENGTH} are allowed"
        raise InvalidQueryError.of("formula", "too_long", message)
    return Formula(_Parser(text, letters).whole())


def _evaluate(operand: Operand, values: Mapping[str, float | None]) -> float | None:
    if isinstance(operand, str):
        value = values[operand]
        return None if value is None else float(value)
    if not isinstance(operand, Operation):
        return operand
    left, right = _evaluate(operand.left, values), _evaluate(operand.right, values)
    if left is None or right is None or (operand.sign == "/" and right == 0):
        return None
    match operand.sign:
        case "+":
            result = left + right
        case "-":
            result = left - right
        case "*":
            result = left * right
        case _:
            result = left / right
    return result if math.isfinite(result) else None


class _Parser:
    """A recursive descent: a sum of products of signed numbers, letters and parentheses."""

    def __init__(self, text: str, letters: str) -> None:
        self._tokens = _tokens(text)
        self._letters = letters
        self._depth = 0
        self._next = next(self._tokens)

    def whole(self) -> Operand:
        found = self._sum()
        if self._next != _END:
            raise _invalid(f"{self._next!r} is not expected where it stands")
        return found

    def _take(self) -> str:
        taken = self._next
        self._next = next(self._tokens)
        return taken

    def _sum(self) -> Operand:
        left = self._product()
        while self._next in {"+", "-"}:
            left = Operation(self._take(), left, self._product())
        return left

    def _product(self) -> Operand:
        left = self._factor()
        while self._next in {"*", "/"}:
            left = Operation(self._take(), left, self._factor())
        return left

    def _factor(self) -> Operand:
        if self._next == _END:
            raise _invalid("it ends too soon")
        taken = self._take()
        if taken in {"(", "-", "+"}:
            return self._nested(taken)
        if taken in LETTERS:
            if taken not in self._letters:
                raise InvalidQueryError.of("formula", "unknown_series", f"no series is {taken}")
            return taken
        if not taken[0].isdigit():
            raise _invalid(f"{taken!r} is not expected where it stands")
        return float(taken)

    def _nested(self, opening: str) -> Operand:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = f"is nested deeper than {MAX_DEPTH} levels"
            raise InvalidQueryError.of("formula", "too_deep", message)
        if opening == "(":
            found = self._sum()
            if self._next != ")":
                raise _invalid("a parenthesis is not closed")
            self._take()
        else:
            found = Operation(opening, 0.0, self._factor())
        self._depth -= 1
        return found


def _tokens(text: str) -> Iterator[str]:
    rest = text.strip()
    while rest:
        found = _TOKEN.match(rest)
        if found is None:
            raise _invalid(f"{rest[0]!r} has no meaning")
        yield found.group()
        rest = rest[found.end() :].lstrip()
    while True:
        yield _END


def _invalid(message: str) -> InvalidInputError:
    return InvalidQueryError.of("formula", "invalid_formula", message)
