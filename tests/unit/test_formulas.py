"""Formulas: what they say, and what is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.formulas import MAX_DEPTH, parse_formula
from eventanalytics.errors import InvalidQueryError


def value(text: str, **operands: float | None) -> float | None:
    return parse_formula(text, "".join(operands)).evaluate(operands)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", 6.0),
        ("A/B", 1.5),
        ("A / B * 100", 150.0),
        ("A - B - B", -2.0),
        ("A / B / B", 0.375),
        ("A + B * 2", 14.0),
        ("(A + B) * 2", 20.0),
        ("-A + B", -2.0),
        ("A - -B", 10.0),
        ("-(A - B) * +2", -4.0),
        ("-A * B", -24.0),
        (" \t( ( A ) )\n", 6.0),
        ("0.25*B", 1.0),
        ("2*3+1", 7.0),
        ("007", 7.0),
    ],
)
def test_it_calculates_as_is_usual(text: str, expected: float) -> None:
    assert value(text, A=6, B=4) == expected


def test_every_answer_is_a_float() -> None:
    assert type(value("A + B", A=1, B=2)) is float


@pytest.mark.parametrize(
    ("text", "operands"),
    [
        ("A / B", {"A": 1, "B": 0}),
        ("A / (B - B)", {"A": 1, "B": 5}),
        ("A / B", {"A": 0, "B": 0}),
        ("A + B", {"A": 1, "B": None}),
        ("B * 0", {"A": 1, "B": None}),
        ("A * A", {"A": 1e300}),
        ("A - B", {"A": -1.7e308, "B": 1.7e308}),
        ("1 / (A * A)", {"A": 1e300}),
    ],
)
def test_without_a_finite_value_there_is_none(text: str, operands: dict[str, float | None]) -> None:
    assert value(text, **operands) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "A B", "A +", "* A", "(A", "A)", "()", "A // B", "2A", "A2", "1.", ".5", "1e3"),
        *("a", "A ^ B", "A % B", "A, B", "AB", "A()", "__import__('os')", "A if A else B", "é"),
        *("A\0", "\u0661", "A=B"),  # the second is a digit, but not one of ours
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        parse_formula(text, "AB")
    [fault] = caught.value.faults
    assert (fault.path, fault.code) == ("formula", "invalid_formula")


def test_a_letter_without_a_series_is_refused() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        parse_formula("A / C", "AB")
    [fault] = caught.value.faults
    assert (fault.path, fault.code) == ("formula", "unknown_series")


def test_at_most_two_hundred_characters() -> None:
    longest = "A" + "+A" * 99 + " "
    assert parse_formula(longest, "A").evaluate({"A": 1}) == 100.0
    with pytest.raises(InvalidQueryError) as caught:
        parse_formula(longest + " ", "A")
    assert [fault.code for fault in caught.value.faults] == ["too_long"]


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("-", ""), ("+(-", ")")])
def test_nesting_has_an_end(opening: str, closing: str) -> None:
    levels = MAX_DEPTH // (3 if len(opening) == 3 else 1)
    deepest = opening * levels + "A" + closing * levels
    assert abs(parse_formula(deepest, "A").evaluate({"A": 1}) or 0) == 1
    with pytest.raises(InvalidQueryError) as caught:
        parse_formula(opening * 3 + deepest + closing * 3, "A")
    assert [fault.code for fault in caught.value.faults] == ["too_deep"]


def test_levels_beside_each_other_are_not_deep() -> None:
    text = "+".join(["(A)"] * 40)
    assert parse_formula(text, "A").evaluate({"A": 1}) == 40.0


@given(st.text(alphabet="AB1.+-*/() ", max_size=12))
def test_whatever_is_written_is_a_formula_or_refused(text: str) -> None:
    try:
        formula = parse_formula(text, "AB")
    except InvalidQueryError:
        return
    expected = python_value(text)
    found = formula.evaluate({"A": 3, "B": 7})
    assert found == expected or (found is None and expected is None)


def python_value(text: str) -> float | None:
    try:
        return float(eval(re.sub(r"\b0+(?=[0-9])", "", text.strip()), {"A": 3, "B": 7}))
    except ZeroDivisionError:
        return None
