"""JSON values as this package means them: what may be stored, and when two are equal.

Source: docs/semantics.md, "Events" (content, limits) and "Filters" (equality).
"""

from collections.abc import Iterator
from typing import Any, TypeAlias, cast

import msgspec

from eventanalytics.errors import Fault

JSONValue: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
Properties: TypeAlias = dict[str, Any]

MAX_ENCODED_BYTES = 32 * 1024
MAX_KEYS = 255
MAX_DEPTH = 8

_INTEGER_MIN, _INTEGER_END = -(2**63), 2**64
_EXACT_FLOAT = 2.0**53

encode = msgspec.json.Encoder().encode


def properties_faults(properties: object, path: str = "properties") -> list[Fault]:
    """Return what keeps *properties* from being stored, in reading order; empty when nothing.

    An object with text keys; at most 32 KiB as compact UTF-8 JSON, 255 keys in any one object and
    8 levels (the object itself is the first, lists count); no NUL character in a key or a text;
    integers from -2**63 to 2**64 - 1, floats finite; nothing that JSON does not have.
    """
    if type(properties) is not dict:
        return [Fault(path, "invalid_type", "must be an object")]
    known = cast("Properties", properties)
    faults = [] if _is_plain(known) else list(_faults_in(known, path, depth=1))
    if not faults:
        try:
            size = len(encode(known))
        except UnicodeEncodeError:
            return [Fault(path, "invalid_unicode", "has a text with half a surrogate pair")]
        if size > MAX_ENCODED_BYTES:
            message = f"takes {size} bytes as JSON, at most {MAX_ENCODED_BYTES} are allowed"
            faults.append(Fault(path, "too_large", message))
    return faults


def canonical(value: JSONValue) -> JSONValue:
    """Return *value* with one form for each number, so that equal numbers compare equal anywhere.

    A float with a whole value is the 64-bit integer of that value where there is one: 1.0 is
    written as 1, and stores agree on floats beyond 2**53, of which some keep the shortest decimal
    text and some the binary value. An integer beyond 64 bits, which a store may answer for a float,
    is that float.

    >>> canonical([1.5, 2.0, 2.0**60, 10**30])
    [1.5, 2, 1152921504606846976, 1e+30]
    """
    kind = type(value)
    if kind is dict:
        members = cast("Properties", value)
        return members if _is_plain(members) else {k: canonical(v) for k, v in members.items()}
    if kind is list:
        return [canonical(item) for item in cast("list[JSONValue]", value)]
    if kind is float and cast("float", value).is_integer():
        whole = int(cast("float", value))
        return whole if _INTEGER_MIN <= whole < _INTEGER_END else value
    if kind is int and not _INTEGER_MIN <= cast("int", value) < _INTEGER_END:
        return float(cast("int", value))
    return value


def canonical_properties(properties: Properties) -> Properties:
    """Return *properties* as `canonical` has them; the very same object when nothing changes."""
    return cast("Properties", canonical(properties))


def json_equal(a: JSONValue, b: JSONValue) -> bool:
    """Tell whether two JSON values are equal: by type and value, key order and notation aside.

    >>> json_equal({"a": 1, "b": [1.0]}, {"b": [1], "a": 1.0}), json_equal(True, 1)
    (True, False)
    """
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(json_equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(json_equal, a, b))
    return scalar_type(a) == scalar_type(b) and a == b


def scalar_type(value: JSONValue) -> str:
    """Return the JSON type of *value*: text, number, boolean, null, array or object."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "array"
        case dict():
            return "object"


def text_faults(value: str, path: str, *, longest: int) -> list[Fault]:
    """Return what is wrong with a required text of at most *longest* characters."""
    if not value:
        return [Fault(path, "empty_text", "must not be empty")]
    if len(value) > longest:
        message = f"has {len(value)} characters, at most {longest} are allowed"
        return [Fault(path, "too_long", message)]
    return character_faults(value, path)


def character_faults(value: str, path: str) -> list[Fault]:
    """Return the fault of a text that no store can hold: with a NUL, or not valid Unicode."""
    if "\0" in value:
        return [Fault(path, "nul_character", "must not contain the character U+0000")]
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return [Fault(path, "invalid_unicode", "has half a surrogate pair")]
    return []


def printable(name: str) -> str:
    """Return a name as a fault may show it: cut to 200 characters, without halves of surrogates."""
    return name[:200].encode(errors="replace").decode()


def number_faults(value: float, path: str) -> list[Fault]:
    """Return the fault of a number that fits neither a 64-bit float nor a 64-bit integer."""
    if isinstance(value, float):
        fits = value - value == 0.0  # false of NaN and the infinities alone
    else:
        fits = _INTEGER_MIN <= value < _INTEGER_END
    message = "fits neither a 64-bit float nor a 64-bit integer"
    return [] if fits else [Fault(path, "number_out_of_range", message)]


def _is_plain(properties: Properties) -> bool:
    """Tell quickly that a flat object may be stored as it is; most events are such."""
    if len(properties) > MAX_KEYS:
        return False
    for key, value in properties.items():
        kind = type(value)  # pyright: ignore[reportUnknownVariableType] - anything may be in there
        if kind is str:
            plain = "\0" not in value
        elif kind is int:
            plain = _INTEGER_MIN <= value < _INTEGER_END
        elif kind is float:
            plain = -_EXACT_FLOAT < value < _EXACT_FLOAT and not value.is_integer()
        else:
            plain = kind is bool or value is None
        if not plain or type(key) is not str or "\0" in key:
            return False
    return True


def _faults_in(value: object, path: str, depth: int) -> Iterator[Fault]:
    kind = type(value)
    if kind is dict or kind is list:
        if depth > MAX_DEPTH:
            yield Fault(path, "too_deep", f"is nested deeper than {MAX_DEPTH} levels")
        elif kind is dict:
            yield from _faults_in_object(cast("dict[object, object]", value), path, depth)
        else:
            for index, item in enumerate(cast("list[object]", value)):
                yield from _faults_in(item, f"{path}[{index}]", depth + 1)
    elif kind is str:
        yield from character_faults(cast("str", value), path)
    elif kind is float or kind is int:
        yield from number_faults(cast("float", value), path)
    elif kind is not bool and value is not None:
        yield Fault(path, "invalid_type", f"{kind.__name__} is not a JSON type")


def _faults_in_object(members: dict[object, object], path: str, depth: int) -> Iterator[Fault]:
    if len(members) > MAX_KEYS:
        message = f"has {len(members)} keys, at most {MAX_KEYS} are allowed"
        yield Fault(path, "too_many_keys", message)
        return
    for key, item in members.items():
        if type(key) is not str:
            yield Fault(path, "invalid_type", "keys must be text")
        elif faults := character_faults(key, path):
            yield from faults
        else:
            yield from _faults_in(item, f"{path}.{key}", depth + 1)
