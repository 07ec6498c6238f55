"""Conditions as they are written on a command line."""

import doctest
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.filters import Operator
from eventanalytics_adapters.cli.querying import durations, moments, where
from eventanalytics_adapters.cli.querying.pictures import words
from eventanalytics_adapters.cli.querying.where import (
    ConditionError,
    parse_condition,
    write_condition,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = texts | numbers | st.booleans()


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(Operator))
    condition: dict[str, Any] = {"property": draw(texts), "op": operator.value}
    match operator.positive:
        case Operator.IS_SET:
            pass
        case Operator.IN:
            condition["value"] = draw(st.lists(scalars, max_size=3))
        case Operator.CONTAINS | Operator.STARTS_WITH | Operator.ENDS_WITH:
            condition["value"] = draw(texts)
        case _:
            condition["value"] = draw(scalars)
    return condition


@given(condition=conditions())
def test_what_is_written_is_read_again(condition: dict[str, Any]) -> None:
    read = parse_condition(write_condition(condition))
    # By their JSON: true is not 1, 1.0 may be.
    assert json.dumps(read, sort_keys=True) == json.dumps(condition, sort_keys=True)


@given(text=texts)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(ConditionError):
        condition = parse_condition(text)
        assert parse_condition(write_condition(condition)) == condition


@pytest.mark.parametrize(
    ("text", "property_", "operator", "value"),
    [
        ("country=UA", "country", "eq", "UA"),
        (" country = UA ", "country", "eq", "UA"),
        ("country!=UA", "country", "neq", "UA"),
        ("price>=10", "price", "gte", 10),
        ("price<=1e1", "price", "lte", 10.0),
        ("price>-2.5", "price", "gt", -2.5),
        ("price < 3", "price", "lt", 3),
        ('plan="5"', "plan", "eq", "5"),
        ("plan=5", "plan", "eq", 5),
        ("plan=05", "plan", "eq", "05"),
        ("plan=true", "plan", "eq", True),
        ("plan=True", "plan", "eq", "True"),
        ("plan=NaN", "plan", "eq", "NaN"),
        ('plan=""', "plan", "eq", ""),
        ("plan=a=b", "plan", "eq", "a=b"),
        ("plan=a \u2028 b", "plan", "eq", "a \u2028 b"),
        ("url contains 5", "url", "contains", "5"),
        ('url contains "5 "', "url", "contains", "5 "),
        ("url starts_with [a", "url", "starts_with", "[a"),
        ('country in ["UA", 5]', "country", "in", ["UA", 5]),
        ("country eq UA", "country", "eq", "UA"),
        ("page.size gt 3", "page.size", "gt", 3),
        ("in=5", "in", "eq", 5),
        ("in in [5]", "in", "in", [5]),
        ('"first name" = Olena', "first name", "eq", "Olena"),
        ('"a\\"b"=1', 'a"b', "eq", 1),
        ("$user_id=7", "$user_id", "eq", 7),
    ],
)
def test_a_condition_is_read(text: str, property_: str, operator: str, value: object) -> None:
    read = parse_condition(text)
    assert read == {"property": property_, "op": operator, "value": value}
    assert type(read["value"]) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must begin with a property"),
        ("=5", "must begin with a property"),
        ('"a=5', "must begin with a property"),
        ('"\\x"=5', 'the property "\\x" is no JSON text'),
        ("country", "after country must follow = != > >= < <=, or with spaces around it: eq, neq,"),
        ("country~UA", "after country~UA must follow"),
        ("country like UA", "no operator is named 'like'"),
        ("country=", 'the value after country is missing; the empty text is written ""'),
        ("country in", "the value after country is missing"),
        ("plan is_set yes", "is_set takes no value, not 'yes'"),
        ('country="UA', 'the value "UA begins as JSON does, and is none'),
        ("country in [UA]", "the value [UA] begins as JSON does, and is none"),
        ("price>1e999", "the value 1e999 is larger than any number of 64 bits"),
    ],
)
def test_the_part_that_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_condition(text)
    assert said in str(refused.value)


@pytest.mark.parametrize("module", [where, durations, moments, words], ids=lambda m: m.__name__)
def test_the_examples_of_the_docstrings(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("text", ["", "d", "1x", "-1", "1.5h", "1 h", "h1", "99999999999"])
def test_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="is no length of time such as 30m, 1h30m or 7d"):
        durations.parse_duration(text)
