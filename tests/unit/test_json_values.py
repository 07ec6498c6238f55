"""Semantics 1.2 and 1.6: when two JSON values are equal, and the one form of each number."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.json_values import (
    JSONValue,
    canonical,
    canonical_properties,
    character_faults,
    json_equal,
    number_faults,
    properties_faults,
    scalar_type,
    text_faults,
)
from eventanalytics.testing.json_strategies import NUMBERS, properties, raw_properties, values
from eventanalytics.testing.oracles import spell

any_json = values | st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)


@given(values, values)
def test_values_are_equal_when_they_are_spelt_alike(a: JSONValue, b: JSONValue) -> None:
    assert json_equal(a, b) == (spell(a) == spell(b))


@given(any_json, any_json, any_json)
def test_equality_is_an_equivalence(a: Any, b: Any, c: Any) -> None:
    assert json_equal(a, a)
    assert json_equal(a, b) == json_equal(b, a)
    assert not (json_equal(a, b) and json_equal(b, c)) or json_equal(a, c)


@given(raw_properties)
def test_the_order_of_keys_does_not_matter(given_properties: dict[str, Any]) -> None:
    assert json_equal(given_properties, dict(reversed(given_properties.items())))


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1.0, True),
        (0, -0.0, True),
        (2**60, 2.0**60, True),
        (2**53 + 1, 2.0**53, False),
        (1, "1", False),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("", None, False),
        ("a", "A", False),
        ([], {}, False),
        ([1], [1, 1], False),
        ([1, 2], [2, 1], False),
        ([[True]], [[1]], False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": {"b": 1}}, {"a": {"b": 1.0}}, True),
        ({"a": [1]}, {"a": (1,)}, False),
    ],
)
def test_values_are_compared_by_type_and_value(a: Any, b: Any, equal: bool) -> None:
    assert json_equal(a, b) is equal
    assert json_equal(b, a) is equal


@given(values)
def test_the_canonical_form_has_the_same_value(value: JSONValue) -> None:
    assert spell(canonical(value)) == spell(value)


@given(values)
def test_the_canonical_form_of_a_canonical_form_is_itself(value: JSONValue) -> None:
    once = canonical(value)
    assert repr(canonical(once)) == repr(once)


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
def test_numbers_that_are_equal_have_one_canonical_form(a: float, b: float) -> None:
    in_64_bits = a == int(a) and -(2**63) <= a < 2**64
    if Fraction(a) == Fraction(b) and in_64_bits:
        assert repr(canonical(a)) == repr(canonical(b)) == repr(int(a))


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (-2.5, "-2.5"),
        (2.0**53 - 1, "9007199254740991"),
        (2.0**53, "9007199254740992"),
        (-(2.0**53), "-9007199254740992"),
        (1e19, "10000000000000000000"),
        (2.0**64, "1.8446744073709552e+19"),
        (-(2.0**63), "-9223372036854775808"),
        (-(2.0**64), "-1.8446744073709552e+19"),
        (2**64, "1.8446744073709552e+19"),
        (2**64 - 1, "18446744073709551615"),
        (-(2**63) - 1, "-9.223372036854776e+18"),
        (10**300, "1e+300"),
        (1e300, "1e+300"),
        (True, "True"),
        ([2.0**60, {"a": [2.0**60]}], "[1152921504606846976, {'a': [1152921504606846976]}]"),
        ({"a": 1.0}, "{'a': 1}"),
        ({"a": 2.0**53}, "{'a': 9007199254740992}"),
        ({"a": -(2.0**53)}, "{'a': -9007199254740992}"),
        ({"a": 1, "b": [10**30, None]}, "{'a': 1, 'b': [1e+30, None]}"),
    ],
)
def test_each_number_has_one_canonical_form(value: JSONValue, form: str) -> None:
    assert repr(canonical(value)) == form


@given(properties)
def test_canonical_properties_are_given_back_untouched(found: dict[str, Any]) -> None:
    assert spell(canonical_properties(found)) == spell(found)


def test_plain_properties_are_not_copied() -> None:
    plain = {"a": 1, "b": "x", "c": None, "d": 1.5, "e": True}
    assert canonical_properties(plain) is plain


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("", "text"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_each_type_has_its_name(value: JSONValue, name: str) -> None:
    assert scalar_type(value) == name


def codes(found: object) -> list[str]:
    return [fault.code for fault in properties_faults(found)]


def test_every_fault_of_properties_is_named_in_reading_order() -> None:
    faulty = {"a": "\0", "b": [2**64, "\ud800", b""], "c\ud800": 1, "d": {1: 2}}
    found = [(fault.path, fault.code) for fault in properties_faults(faulty, "p")]
    assert found == [
        ("p.a", "nul_character"),
        ("p.b[0]", "number_out_of_range"),
        ("p.b[1]", "invalid_unicode"),
        ("p.b[2]", "invalid_type"),
        ("p", "invalid_unicode"),
        ("p.d", "invalid_type"),
    ]


def test_half_a_surrogate_pair_is_refused_wherever_it_stands() -> None:
    for faulty in ({"a": "\ud800"}, {"\ud800": 1}, {"a": ["\ud800"]}, {"a": {"\ud800": 1}}):
        assert codes(faulty) == ["invalid_unicode"]


def test_the_size_is_that_of_the_compact_encoding() -> None:
    frame = len('{"a":""}')
    assert codes({"a": "x" * (32_768 - frame)}) == []
    assert codes({"a": "x" * (32_769 - frame)}) == ["too_large"]
    assert codes({"a": "é" * ((32_768 - frame) // 2)}) == []
    assert codes({"a": "é" * ((32_768 - frame) // 2 + 1)}) == ["too_large"]


@pytest.mark.parametrize("levels", range(1, 12))
def test_properties_are_at_most_eight_levels_deep(levels: int) -> None:
    value: Any = "leaf"
    for level in range(levels - 1):
        value = [value] if level % 2 else {"a": value}
    assert codes({"a": value}) == ([] if levels <= 8 else ["too_deep"])


@pytest.mark.parametrize("found", [None, [], "x", 1, (), {1}])
def test_properties_are_an_object(found: object) -> None:
    assert codes(found) == ["invalid_type"]


@pytest.mark.parametrize("number", [2**64 - 1, -(2**63), 0, 1.7976931348623157e308, -0.0, 5e-324])
def test_a_number_that_fits_64_bits_is_taken(number: float) -> None:
    assert number_faults(number, "a") == []
    assert codes({"a": number}) == codes({"a": [number]}) == []


@pytest.mark.parametrize(
    "number", [2**64, -(2**63) - 1, 10**400, float("nan"), float("inf"), float("-inf")]
)
def test_a_number_that_fits_no_64_bits_is_refused(number: float) -> None:
    (fault,) = number_faults(number, "a")
    assert (fault.path, fault.code) == ("a", "number_out_of_range")
    assert codes({"a": number}) == codes({"a": [number]}) == ["number_out_of_range"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_text"),
        ("abcd", "too_long"),
        ("a\0", "nul_character"),
        ("\ud800", "invalid_unicode"),
        ("abc", None),
        ("éé\N{GRINNING FACE}", None),
    ],
)
def test_a_text_is_refused_with_its_code(text: str, code: str | None) -> None:
    assert [fault.code for fault in text_faults(text, "a", longest=3)] == ([code] if code else [])


def test_an_empty_text_has_no_faulty_characters() -> None:
    assert character_faults("", "a") == []
