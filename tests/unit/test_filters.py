"""Semantics 3.1 to 3.4: conditions on properties, by a table, by another route, and by relation."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import (
    MISSING,
    Condition,
    EventFilter,
    Operator,
    all_match,
    resolve,
    untyped,
)
from eventanalytics.errors import InvalidQueryError
from eventanalytics.testing.json_strategies import TEXTS
from eventanalytics.testing.oracles import spell
from eventanalytics.testing.query_strategies import conditions, event_filters, segments
from eventanalytics.testing.strategies import events, worlds

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
any_event = worlds().flatmap(events)


def event(properties: dict[str, Any], user_id: str = "7", event_type: str = "view") -> Event:
    return Event(
        event_id=UUID(int=1),
        user_id=user_id,
        event_type=event_type,
        occurred_at=NOON,
        received_at=NOON,
        properties=properties,
    )


# For each operator and value: which of these values of the property match ("-" = not there).
VALUES: dict[str, Any] = {
    "-": MISSING,
    "null": None,
    "true": True,
    "0": 0,
    "1": 1,
    "1.0": 1.0,
    "1.5": 1.5,
    "-2": -2,
    "2^53+1": 2**53 + 1,
    "''": "",
    "'1'": "1",
    "'true'": "true",
    "'ab'": "ab",
    "'Ab'": "Ab",
    "[1]": [1],
    "['ab']": ["ab"],
    "{}": {},
}
NUMBERS = {"0", "1", "1.0", "1.5", "-2", "2^53+1"}
TEXT_VALUES = {"''", "'1'", "'true'", "'ab'", "'Ab'"}
TABLE: list[tuple[Operator, Any, set[str]]] = [
    (Operator.EQ, 1, {"1", "1.0"}),
    (Operator.EQ, 1.0, {"1", "1.0"}),
    (Operator.EQ, "1", {"'1'"}),
    (Operator.EQ, True, {"true"}),
    (Operator.EQ, "true", {"'true'"}),
    (Operator.EQ, "", {"''"}),
    (Operator.EQ, False, set()),
    (Operator.EQ, 0, {"0"}),
    (Operator.EQ, -0.0, {"0"}),
    (Operator.EQ, 2**53 + 1, {"2^53+1"}),
    (Operator.EQ, 2.0**53, set()),
    (Operator.EQ, "AB", set()),
    (Operator.IN, [], set()),
    (Operator.IN, [1, "ab"], {"1", "1.0", "'ab'"}),
    (Operator.IN, ["1", True], {"'1'", "true"}),
    (Operator.IS_SET, None, set(VALUES) - {"-", "null"}),
    (Operator.CONTAINS, "", TEXT_VALUES),
    (Operator.CONTAINS, "b", {"'ab'", "'Ab'"}),
    (Operator.CONTAINS, "a", {"'ab'"}),
    (Operator.CONTAINS, "A", {"'Ab'"}),
    (Operator.CONTAINS, "1", {"'1'"}),
    (Operator.CONTAINS, "%", set()),
    (Operator.STARTS_WITH, "a", {"'ab'"}),
    (Operator.STARTS_WITH, "ab", {"'ab'"}),
    (Operator.STARTS_WITH, "A", {"'Ab'"}),
    (Operator.STARTS_WITH, "abc", set()),
    (Operator.STARTS_WITH, "", TEXT_VALUES),
    (Operator.ENDS_WITH, "b", {"'ab'", "'Ab'"}),
    (Operator.ENDS_WITH, "B", set()),
    (Operator.ENDS_WITH, "a", set()),
    (Operator.ENDS_WITH, "", TEXT_VALUES),
    (Operator.GT, 1, {"1.5", "2^53+1"}),
    (Operator.GT, 2.0**53, {"2^53+1"}),
    (Operator.GTE, 1, {"1", "1.0", "1.5", "2^53+1"}),
    (Operator.LT, 1, {"0", "-2"}),
    (Operator.LT, 1.25, {"0", "-2", "1", "1.0"}),
    (Operator.LTE, 1, {"0", "-2", "1", "1.0"}),
    (Operator.LTE, 1e300, NUMBERS),
]
NEGATIONS = {
    Operator.NEQ: Operator.EQ,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.IS_NOT_SET: Operator.IS_SET,
}


def matching(condition: Condition) -> set[str]:
    return {
        name
        for name, value in VALUES.items()
        if condition.matches(event({} if value is MISSING else {"a": value}))
    }


@pytest.mark.parametrize(("op", "value", "expected"), TABLE)
def test_an_operator_matches_what_the_table_says(
    op: Operator, value: Any, expected: set[str]
) -> None:
    assert matching(Condition("a", op, value)) == expected


@pytest.mark.parametrize("negation", NEGATIONS)
def test_a_negation_is_the_exact_opposite_of_its_positive(negation: Operator) -> None:
    positive = NEGATIONS[negation]
    assert negation.positive is positive
    assert positive.positive is positive
    for op, value, expected in TABLE:
        if op is positive:
            assert matching(Condition("a", negation, value)) == set(VALUES) - expected


@given(conditions(), any_event)
def test_an_event_without_the_property_matches_negations_alone(
    condition: Condition, some: Event
) -> None:
    bare = msgspec.structs.replace(some, properties={})
    if not condition.property.startswith(("$user_id", "$event_type")):
        assert condition.matches(bare) == (condition.op in NEGATIONS)


def found_in(some: Event, name: str) -> tuple[bool, Any]:
    """Say whether the event has the property, and its value."""
    found: Any = {**some.properties, "$user_id": some.user_id, "$event_type": some.event_type}
    for key in [name] if name in found else name.split("."):
        if not isinstance(found, dict) or key not in found:
            return False, None
        found = found[key]
    return True, found


def agrees(op: str, there: bool, found: Any, value: Any) -> bool:
    """Say whether a value is as a positive operator asks, by way of texts and fractions."""
    if op == "set":
        return there and found is not None
    if op in {"eq", "in"}:
        return there and spell(found) in map(spell, value if op == "in" else [value])
    if op in {"gt", "gte", "lt", "lte"}:
        signs = {"gt": {1}, "gte": {0, 1}, "lt": {-1}, "lte": {-1, 0}}[op]
        difference = Fraction(found) - Fraction(value) if type(found) in (int, float) else None
        return difference is not None and (difference > 0) - (difference < 0) in signs
    text = found if isinstance(found, str) else None
    places = {i for i in range(len(text or "") + 1) if (text or "")[i : i + len(value)] == value}
    wanted = {"starts_with": {0}, "ends_with": {len(text or "") - len(value)}}.get(op, places)
    return text is not None and bool(places & wanted)


def second_opinion(condition: Condition, some: Event) -> bool:
    value: Any = condition.value
    if condition.property == "$user_id":
        given = value if isinstance(value, list) else [value]
        as_texts = [str(item) if type(item) is int else item for item in given]
        value = as_texts if isinstance(value, list) else as_texts[0]
    positive = {"neq": "eq", "not_in": "in", "not_contains": "contains", "is_not_set": "is_set"}
    op = positive.get(condition.op.value, condition.op.value)
    if op in {"gt", "gte", "lt", "lte"}:
        value = condition.value
    answer = agrees(op.removeprefix("is_"), *found_in(some, condition.property), value)
    return answer is (op == condition.op.value)


@given(st.lists(any_event, min_size=1, max_size=3), st.lists(conditions(), min_size=1, max_size=5))
def test_conditions_match_as_a_second_opinion_says(
    log: list[Event], asked: list[Condition]
) -> None:
    for some in log:
        for condition in asked:
            assert condition.matches(some) is second_opinion(condition, some)


def test_a_literal_key_comes_before_a_path() -> None:
    both = event({"a.b": 1, "a": {"b": 2}})
    assert resolve(both, "a.b") == 1
    assert resolve(event({"a": {"b": 2}}), "a.b") == 2
    assert resolve(event({"a.b": None, "a": {"b": 2}}), "a.b") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a", {"b": {"c": 1}, "": {"": 2}}),
        ("a.b", {"c": 1}),
        ("a.b.c", 1),
        ("a..", 2),
        ("a.b.c.d", MISSING),
        ("a.c", MISSING),
        ("c", MISSING),
        ("l.0", MISSING),
        ("t.0", MISSING),
        ("n.a", MISSING),
    ],
)
def test_a_path_leads_into_objects_alone(name: str, value: Any) -> None:
    found = event({"a": {"b": {"c": 1}, "": {"": 2}}, "l": [1], "t": "x", "n": None})
    assert resolve(found, name) == value


def test_a_literal_key_is_a_top_level_key() -> None:
    assert resolve(event({"x": {"a.b": 1}}), "x.a.b") is MISSING


def test_reserved_names_mean_the_fields_of_the_event() -> None:
    some = event({"$user_id": "x", "$event_type": "y"}, user_id="7", event_type="view")
    assert resolve(some, "$user_id") == "7"
    assert resolve(some, "$event_type") == "view"
    assert resolve(event({"$other": 1}), "$other") == 1


@pytest.mark.parametrize(
    ("op", "value", "found"),
    [
        (Operator.EQ, 7, True),
        (Operator.EQ, "7", True),
        (Operator.EQ, 7.0, False),
        (Operator.EQ, True, False),
        (Operator.NEQ, 7, False),
        (Operator.IN, [1, 7], True),
        (Operator.IN, [7.0], False),
        (Operator.NOT_IN, [7], False),
        (Operator.GTE, 7, False),
        (Operator.STARTS_WITH, "7", True),
        (Operator.IS_SET, None, True),
    ],
)
def test_a_user_given_as_an_integer_is_its_decimal_text(
    op: Operator, value: Any, found: bool
) -> None:
    assert Condition("$user_id", op, value).matches(event({}, user_id="7")) is found


@pytest.mark.parametrize(
    ("written", "matching_values", "other_values"),
    [
        ("UA", ["UA"], ["ua", " UA"]),
        ("5", ["5", 5, 5.0], [True, "5.0", 50]),
        ("5.0", ["5.0", 5, 5.0], ["5"]),
        ("-1.5e2", ["-1.5e2", -150], ["-150"]),
        ("0", ["0", 0, -0.0], [False, None, ""]),
        ("true", ["true", True], [1, "True"]),
        ("false", ["false", False], [0, None]),
        ("True", ["True"], [True]),
        ("null", ["null"], [None]),
        ("", [""], [None, 0, False]),
        ("05", ["05"], [5]),
        ("+5", ["+5"], [5]),
        (" 5", [" 5"], [5]),
        ("5 ", ["5 "], [5]),
        ("\N{ARABIC-INDIC DIGIT FIVE}", ["\N{ARABIC-INDIC DIGIT FIVE}"], [5]),
        (".5", [".5"], [0.5]),
        ("1_0", ["1_0"], [10]),
        ("NaN", ["NaN"], [None]),
        ("1e999", ["1e999"], [1.7e308]),
        ("9" * 401, ["9" * 401], [1e300]),
        ("9007199254740993", [2**53 + 1], [2.0**53]),
        ("18446744073709551615", [2**64 - 1], [2.0**64]),
        ("18446744073709551616", ["18446744073709551616", 2.0**64], [2**64 - 1]),
        ("1" + "0" * 300, [1e300], [1e299]),
        ("1" + "0" * 309, ["1" + "0" * 309], [1.7e308]),
    ],
)
def test_an_untyped_value_matches_the_text_and_what_is_so_written(
    written: str, matching_values: list[Any], other_values: list[Any]
) -> None:
    condition = untyped("a", written)
    for value in matching_values:
        assert condition.matches(event({"a": value})), value
    for value in other_values:
        assert not condition.matches(event({"a": value})), value


@given(st.text(alphabet="0123456789-+.eE", max_size=8) | st.sampled_from(TEXTS))
def test_any_untyped_text_matches_itself(text: str) -> None:
    assert untyped("a", text).matches(event({"a": text}))


@pytest.mark.parametrize("number", ["9" * 20, "9" * 400, "-" + "9" * 30])
def test_an_untyped_number_beyond_64_bits_matches_its_text(number: str) -> None:
    assert untyped("a", number).matches(event({"a": number}))


def codes(*parts: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidQueryError) as caught:
        Condition(*parts)
    return [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("op", "value", "path", "code"),
    [
        (Operator.IS_SET, 1, "value", "unexpected_value"),
        (Operator.IS_NOT_SET, False, "value", "unexpected_value"),
        (Operator.IN, "a", "value", "invalid_type"),
        (Operator.NOT_IN, None, "value", "invalid_type"),
        (Operator.IN, ["a"] * 1001, "value", "too_many_values"),
        (Operator.IN, ["a", None], "value[1]", "invalid_type"),
        (Operator.IN, [["a"]], "value[0]", "invalid_type"),
        (Operator.IN, ["\0"], "value[0]", "nul_character"),
        (Operator.IN, [1, 2**64], "value[1]", "number_out_of_range"),
        (Operator.EQ, None, "value", "invalid_type"),
        (Operator.NEQ, [], "value", "invalid_type"),
        (Operator.EQ, {}, "value", "invalid_type"),
        (Operator.EQ, "\0", "value", "nul_character"),
        (Operator.EQ, "\ud800", "value", "invalid_unicode"),
        (Operator.EQ, -(2**63) - 1, "value", "number_out_of_range"),
        (Operator.EQ, float("nan"), "value", "number_out_of_range"),
        (Operator.CONTAINS, 1, "value", "invalid_type"),
        (Operator.NOT_CONTAINS, None, "value", "invalid_type"),
        (Operator.STARTS_WITH, ["a"], "value", "invalid_type"),
        (Operator.ENDS_WITH, "\0", "value", "nul_character"),
        (Operator.GT, "1", "value", "invalid_type"),
        (Operator.GTE, True, "value", "invalid_type"),
        (Operator.LT, None, "value", "invalid_type"),
        (Operator.LTE, float("inf"), "value", "number_out_of_range"),
    ],
)
def test_a_value_that_an_operator_cannot_be_asked_with_is_refused(
    op: Operator, value: Any, path: str, code: str
) -> None:
    assert codes("a", op, value) == [(path, code)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "empty_text"), ("a\0", "nul_character"), ("\ud800", "invalid_unicode")],
)
def test_a_property_must_have_a_name_that_can_be_stored(name: str, code: str) -> None:
    assert codes(name, Operator.IS_SET) == [("property", code)]


def test_every_fault_of_a_condition_is_named_at_once() -> None:
    assert codes("", Operator.IN, [None, "\0"]) == [
        ("property", "empty_text"),
        ("value[0]", "invalid_type"),
        ("value[1]", "nul_character"),
    ]


def test_a_list_may_hold_a_thousand_values() -> None:
    condition = Condition("a", Operator.IN, [str(i) for i in range(1000)])
    assert condition.matches(event({"a": "999"}))


def test_a_filter_may_hold_fifty_conditions() -> None:
    one = Condition("a", Operator.IS_SET)
    assert len(EventFilter(where=(one,) * 50).where) == 50
    with pytest.raises(InvalidQueryError) as caught:
        EventFilter(where=(one,) * 51)
    assert [(f.path, f.code) for f in caught.value.faults] == [("where", "too_many_conditions")]


@pytest.mark.parametrize("field", ["user_id", "event_type"])
@pytest.mark.parametrize(
    ("text", "code"), [("a\0", "nul_character"), ("\ud800", "invalid_unicode")]
)
def test_a_filter_asks_for_no_text_that_cannot_be_stored(field: str, text: str, code: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        EventFilter(**{field: text})  # type: ignore[arg-type]
    assert [(f.path, f.code) for f in caught.value.faults] == [(field, code)]


def test_a_filter_is_half_open_in_time() -> None:
    tick = timedelta(microseconds=1)
    wanted = EventFilter(since=NOON, until=NOON + 2 * tick)
    found = [
        wanted.matches(msgspec.structs.replace(event({}), occurred_at=NOON + i * tick))
        for i in (-1, 0, 1, 2)
    ]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(), True),
        (EventFilter(user_id="7"), True),
        (EventFilter(user_id="07"), False),
        (EventFilter(event_type="view"), True),
        (EventFilter(event_type="View"), False),
        (EventFilter(user_id="7", event_type="buy"), False),
        (EventFilter(user_id="7", where=(Condition("a", Operator.IS_SET),)), False),
    ],
)
def test_all_parts_of_a_filter_must_hold(wanted: EventFilter, found: bool) -> None:
    assert wanted.matches(event({})) is found


@given(worlds().flatmap(lambda world: st.tuples(event_filters(world), events(world))))
def test_a_filter_is_all_of_its_parts(case: tuple[EventFilter, Event]) -> None:
    wanted, some = case
    parts = [
        EventFilter(user_id=wanted.user_id),
        EventFilter(event_type=wanted.event_type),
        EventFilter(since=wanted.since),
        EventFilter(until=wanted.until),
        *(EventFilter(where=(condition,)) for condition in wanted.where),
    ]
    assert wanted.matches(some) == all(part.matches(some) for part in parts)


@given(segments, conditions(), any_event)
def test_one_condition_more_never_matches_more(
    where: tuple[Condition, ...], condition: Condition, some: Event
) -> None:
    assert all_match((*where, condition), some) == (
        all_match(where, some) and condition.matches(some)
    )
