"""Conditions as SQL, for a ``{filters}`` slot: what `eventanalytics.domain.filters` defines.

Names of properties and values only ever travel as parameters. No expression here can raise,
whatever JSON it meets: there is no cast of anything that is stored.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, cast

from psycopg import sql

from eventanalytics.domain.filters import EVENT_TYPE, USER_ID, Condition, EventFilter, Operator
from eventanalytics.domain.json_values import MAX_DEPTH, JSONValue, encode
from eventanalytics.domain.selection import EventSelector
from eventanalytics.ports.events import Position

_Test: TypeAlias = Callable[["Filters", sql.Composable, JSONValue], sql.Composable]

_TRUE: Final = sql.SQL("TRUE")
_FALSE: Final = sql.SQL("FALSE")
_COLUMNS: Final = {USER_ID: sql.Identifier("user_id"), EVENT_TYPE: sql.Identifier("event_type")}


class Filters:
    """A list of conditions that all must hold, as one expression with its parameters."""

    def __init__(self, where: Sequence[Condition] = ()) -> None:
        self._parameters: dict[str, object] = {}
        self._terms: list[sql.Composable] = [self._condition(condition) for condition in where]

    @classmethod
    def of(cls, wanted: EventFilter, after: Position | None = None) -> "Filters":
        """Return the conditions of *wanted*; with *after*, only what lies before that position."""
        filters = cls(wanted.where)
        for name, text in (("user_id", wanted.user_id), ("event_type", wanted.event_type)):
            if text is not None:
                filters._add(_equals_text(filters, sql.Identifier(name), text))
        if wanted.since is not None:
            filters._add(sql.SQL("occurred_at >= {}").format(filters._time(wanted.since)))
        if wanted.until is not None:
            filters._add(sql.SQL("occurred_at < {}").format(filters._time(wanted.until)))
        if after is not None:
            filters._add_position(after)
        return filters

    @property
    def expression(self) -> sql.Composable:
        """The expression, of the columns of ``event``; true when there are no conditions."""
        return sql.SQL("({})").format(sql.SQL(" AND ").join(self._terms)) if self._terms else _TRUE

    @property
    def parameters(self) -> Mapping[str, object]:
        """The values of its placeholders, whose names all begin with ``filter_``."""
        return self._parameters

    def text(self, value: object) -> sql.Composable:
        """Return the placeholder of a text."""
        return sql.SQL("{}::text").format(self._placeholder(value))

    def texts(self, values: Sequence[str]) -> sql.Composable:
        """Return the placeholder of an array of texts."""
        return sql.SQL("{}::text[]").format(self._placeholder(list(values)))

    def json(self, value: JSONValue) -> sql.Composable:
        """Return the placeholder of a JSON value."""
        return sql.SQL("{}::jsonb").format(self._placeholder(encode(value).decode()))

    def jsons(self, values: Sequence[JSONValue]) -> sql.Composable:
        """Return the placeholder of an array of JSON values."""
        encoded = [encode(value).decode() for value in values]
        return sql.SQL("{}::text[]::jsonb[]").format(self._placeholder(encoded))

    def value(self, name: str) -> sql.Composable:
        """Return the JSON value of a property, or NULL where it is missing."""
        column = _COLUMNS.get(name)
        return _property(self, name) if column is None else sql.SQL("to_jsonb({})").format(column)

    def group(self, name: str) -> sql.Composable:
        """Return the JSON value that stands for an event's group by a property, never NULL.

        An array or object is the text of its JSON; JSON's null is the group of what has no value.
        """
        return self.value(name) if name in _COLUMNS else group_of(self.value(name))

    def selection(self, selector: EventSelector) -> sql.Composable:
        """Return the test of whether an event is one of those that *selector* means."""
        terms = [self._condition(condition) for condition in selector.where]
        if selector.event is not None:
            column = sql.Identifier("event_type")
            terms.insert(0, _equals_text(self, column, selector.event))
        return sql.SQL("({})").format(sql.SQL(" AND ").join(terms)) if terms else _TRUE

    def _time(self, value: object) -> sql.Composable:
        return sql.SQL("{}::timestamptz").format(self._placeholder(value))

    def _placeholder(self, value: object) -> sql.Placeholder:
        name = f"filter_{len(self._parameters)}"
        self._parameters[name] = value
        return sql.Placeholder(name)

    def _add(self, term: sql.Composable) -> None:
        self._terms.append(term)

    def _add_position(self, after: Position) -> None:
        # Every index with occurred_at in it finds the place: a page far down costs what the first
        # one does.
        occurred_at, received_at, event_id = after
        self._add(
            sql.SQL("(occurred_at, received_at, event_id) < ({}, {}, {}::uuid)").format(
                self._time(occurred_at), self._time(received_at), self._placeholder(event_id)
            )
        )

    def _condition(self, condition: Condition) -> sql.Composable:
        positive = condition.op.positive
        column = _COLUMNS.get(condition.property)
        if column is None:
            value = _property(self, condition.property)
            test = _PROPERTY_TESTS[positive](self, value, condition.operand())
        else:
            test = _COLUMN_TESTS[positive](self, column, condition.operand())
        # What is not known to be true is false: a test of a property that is missing gives NULL.
        return test if positive is condition.op else sql.SQL("({}) IS NOT TRUE").format(test)


def group_of(value: sql.Composable) -> sql.Composable:
    """Return the JSON value that stands for the group of a JSON value: see `Filters.group`."""
    return sql.SQL(
        "CASE WHEN jsonb_typeof({value}) IN ('object', 'array') THEN to_jsonb({value}::text)"
        " ELSE coalesce({value}, 'null') END"
    ).format(value=value)


def _property(filters: Filters, name: str) -> sql.Composable:
    """Return the value of a property: SQL's NULL when it is missing, JSON's null when it is that.

    The arrow finds keys of objects alone; ``#>`` would also take "0" for the head of a list.
    """
    literal = sql.SQL("(properties -> {})").format(filters.text(name))
    keys = name.split(".")
    if not 1 < len(keys) <= MAX_DEPTH:  # nothing is stored at the end of a longer path
        return literal
    arrows = sql.SQL(" -> ").join([sql.Identifier("properties"), *map(filters.text, keys)])
    return sql.SQL("coalesce({}, {})").format(literal, arrows)


def _equals_text(filters: Filters, column: sql.Composable, operand: JSONValue) -> sql.Composable:
    """Return the plain comparison that an index serves; no other type equals a text."""
    if not isinstance(operand, str):
        return _FALSE
    return sql.SQL("{} = {}").format(column, filters.text(operand))


def _is_among_texts(filters: Filters, column: sql.Composable, operand: JSONValue) -> sql.Composable:
    items = cast("list[JSONValue]", operand)
    texts = [item for item in items if isinstance(item, str)]
    return sql.SQL("{} = ANY({})").format(column, filters.texts(texts))


def _contains(filters: Filters, text: sql.Composable, operand: JSONValue) -> sql.Composable:
    return sql.SQL("strpos({}, {}) > 0").format(text, filters.text(operand))


def _starts_with(filters: Filters, text: sql.Composable, operand: JSONValue) -> sql.Composable:
    return sql.SQL("starts_with({}, {})").format(text, filters.text(operand))


def _ends_with(filters: Filters, text: sql.Composable, operand: JSONValue) -> sql.Composable:
    end = filters.text(operand)
    return sql.SQL("right({}, char_length({})) = {}").format(text, end, end)


def _never(_filters: Filters, _column: sql.Composable, _operand: JSONValue) -> sql.Composable:
    return _FALSE


def _always(_filters: Filters, _column: sql.Composable, _operand: JSONValue) -> sql.Composable:
    return _TRUE


_COLUMN_TESTS: Mapping[Operator, _Test] = {
    Operator.EQ: _equals_text,
    Operator.IN: _is_among_texts,
    Operator.IS_SET: _always,
    Operator.CONTAINS: _contains,
    Operator.STARTS_WITH: _starts_with,
    Operator.ENDS_WITH: _ends_with,
    Operator.GT: _never,  # a text is no number
    Operator.GTE: _never,
    Operator.LT: _never,
    Operator.LTE: _never,
}


def _equals(filters: Filters, value: sql.Composable, operand: JSONValue) -> sql.Composable:
    return sql.SQL("{} = {}").format(value, filters.json(operand))


def _is_among(filters: Filters, value: sql.Composable, operand: JSONValue) -> sql.Composable:
    items = cast("list[JSONValue]", operand)
    return sql.SQL("{} = ANY({})").format(value, filters.jsons(items))


def _is_set(_filters: Filters, value: sql.Composable, _operand: JSONValue) -> sql.Composable:
    return sql.SQL("jsonb_typeof({}) <> 'null'").format(value)


def _on_texts(test: _Test) -> _Test:
    """Return the test of a JSON value that is a text, and false of any other."""

    def on_texts(filters: Filters, value: sql.Composable, operand: JSONValue) -> sql.Composable:
        text = sql.SQL("({} #>> '{{}}')").format(value)
        return sql.SQL("(jsonb_typeof({}) = 'string' AND {})").format(
            value, test(filters, text, operand)
        )

    return on_texts


def _compares(operator: sql.SQL) -> _Test:
    """Return the test of a JSON value that is a number; two numbers compare as such in jsonb."""

    def compares(filters: Filters, value: sql.Composable, operand: JSONValue) -> sql.Composable:
        return sql.SQL("(jsonb_typeof({}) = 'number' AND {} {} {})").format(
            value, value, operator, filters.json(operand)
        )

    return compares


_PROPERTY_TESTS: Mapping[Operator, _Test] = {
    Operator.EQ: _equals,
    Operator.IN: _is_among,
    Operator.IS_SET: _is_set,
    Operator.CONTAINS: _on_texts(_contains),
    Operator.STARTS_WITH: _on_texts(_starts_with),
    Operator.ENDS_WITH: _on_texts(_ends_with),
    Operator.GT: _compares(sql.SQL(">")),
    Operator.GTE: _compares(sql.SQL(">=")),
    Operator.LT: _compares(sql.SQL("<")),
    Operator.LTE: _compares(sql.SQL("<=")),
}
