"""JSON bodies read strictly: one conversion of the whole; if it fails, a walk names the faults."""

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import inspect

from eventanalytics.domain.json_values import printable
from eventanalytics.errors import Fault, InvalidQueryError

T = TypeVar("T")

MAX_BODY_BYTES: Final = 1024 * 1024
"""How long the body of a question may be."""
MAX_FAULTS: Final = 100
"""How many faults of one body are told."""

_LONGEST_INTEGER = 400  # digits; longer ones fit no number type, and are slow to convert
_LEAVES: dict[type[inspect.Type], tuple[Any, str]] = {
    inspect.StrType: (str, "a text"),
    inspect.IntType: (int, "a whole number"),
    inspect.BoolType: (bool, "true or false"),
}


def read_body(body: bytes, shape: type[T]) -> T:
    """Return the JSON *body* as a *shape*.

    Raises:
        InvalidQueryError: It is not JSON, or not of this shape; every fault is named with its path
            (the first hundred, where there are more).
    """
    raw = _decoded(body)
    try:
        return msgspec.convert(raw, shape)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the latter of half a surrogate pair
        faults = [*islice(shape_faults(raw, inspect.type_info(shape)), MAX_FAULTS)]
        raise InvalidQueryError(faults) from None


def shape_faults(raw: object, kind: inspect.Type, path: str = "") -> Iterator[Fault]:
    """Yield what keeps *raw* from being a *kind*: missing, unknown and mistaken fields."""
    match kind:
        case inspect.Metadata():
            yield from shape_faults(raw, kind.type, path)
        case inspect.UnionType():
            if not (raw is None and kind.includes_none):
                [given] = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
                yield from shape_faults(raw, given, path)
        case inspect.StructType():
            yield from _object_faults(raw, kind, path)
        case inspect.ListType():
            yield from _list_faults(raw, kind, path)
        case inspect.EnumType():
            yield from _choice_faults(raw, kind, path)
        case _ if type(kind) in _LEAVES:
            wanted, name = _LEAVES[type(kind)]
            if type(raw) is not wanted:
                yield Fault(path, "invalid_type", f"must be {name}")
        case _:  # anything may stand there
            return


def _object_faults(raw: object, kind: inspect.StructType, path: str) -> Iterator[Fault]:
    if not isinstance(raw, dict):
        yield Fault(path, "invalid_type", "must be an object")
        return
    given, start = cast("dict[str, object]", raw), f"{path}." if path else ""
    for field in kind.fields:
        name = start + field.encode_name
        if field.encode_name in given:
            yield from shape_faults(given[field.encode_name], field.type, name)
        elif field.required:
            yield Fault(name, "missing_field", "is required")
    for name in sorted(given.keys() - {field.encode_name for field in kind.fields}):
        shown = printable(name)
        yield Fault(start + shown, "unknown_field", "is not a field here")


def _list_faults(raw: object, kind: inspect.ListType, path: str) -> Iterator[Fault]:
    if not isinstance(raw, list):
        yield Fault(path, "invalid_type", "must be a list")
        return
    for index, item in enumerate(cast("list[object]", raw)):
        yield from shape_faults(item, kind.item_type, f"{path}[{index}]")


def _choice_faults(raw: object, kind: inspect.EnumType, path: str) -> Iterator[Fault]:
    options = [str(member.value) for member in kind.cls]
    if not isinstance(raw, str):
        yield Fault(path, "invalid_type", "must be a text")
    elif raw not in options:
        field = path.rpartition(".")[2]
        yield Fault(path, f"invalid_{field}", "must be one of " + ", ".join(options))


def _decoded(body: bytes) -> object:
    """Decode JSON; numbers that no type holds stay in it as infinity, so that they can be named."""
    try:
        return json.loads(
            body.decode(),
            parse_int=_parse_integer,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        message = "is nested too deep to be read"
        raise InvalidQueryError.of("", "too_deep", message) from None
    except ValueError as error:
        message = f"the body is not JSON: {error}"
        raise InvalidQueryError.of("", "invalid_json", message) from None


def _parse_integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.inf


def _refuse_constant(name: str) -> float:
    message = f"{name} is no JSON value"
    raise ValueError(message)
