"""Query parameters: each is declared once, for reading it and for describing it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Final, Generic, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from eventanalytics.domain.filters import MAX_CONDITIONS
from eventanalytics.errors import Fault, InvalidInputError, InvalidQueryError
from eventanalytics_adapters.http.parsing import check_characters

T = TypeVar("T")

Pairs: TypeAlias = Sequence[tuple[str, str]]
"""The names and values that were given for one parameter, in order."""

_MAX_PAIRS = 1000


class _Required(Enum):
    REQUIRED = "required"


REQUIRED: Final = _Required.REQUIRED


@dataclass(frozen=True, eq=False, kw_only=True)
class Parameter(Generic[T]):
    """One query parameter: what it is called, how it is read, what it means.

    `schema` is its JSON Schema; `default` is its value when it is not given. A `prefix` parameter
    takes every name that begins with its own.
    """

    name: str
    read: Callable[[Pairs], T]
    schema: Mapping[str, Any]
    description: str
    example: object = None
    default: T | _Required
    is_repeatable: bool = False
    is_prefix: bool = False

    def is_named(self, name: str) -> bool:
        """Tell whether *name*, as given, means this parameter."""
        return name.startswith(self.name) if self.is_prefix else name == self.name


class Asked:
    """The values of a request's parameters, each under its `Parameter`."""

    def __init__(self, values: Mapping[Parameter[Any], Any]) -> None:
        self._values = values

    def __getitem__(self, parameter: Parameter[T]) -> T:
        value: T = self._values[parameter]
        return value


class Parameters:
    """All the query parameters of one operation; any other is refused."""

    def __init__(self, *declared: Parameter[Any]) -> None:
        self.declared = declared

    def read(self, query_string: bytes) -> Asked:
        """Read the parameters of a request.

        Raises:
            InvalidQueryError: Some are unknown, missing, repeated or unreadable; every one has its
                fault.
        """
        given: dict[Parameter[Any], list[tuple[str, str]]] = {}
        faults: list[Fault] = []
        for name, value in _pairs(query_string):
            parameter = next((p for p in self.declared if p.is_named(name)), None)
            if parameter is None:
                message = "is not a parameter of this call"
                faults.append(Fault(name[:200], "unknown_parameter", message))
            else:
                given.setdefault(parameter, []).append((name, value))
        values: dict[Parameter[Any], Any] = {}
        for parameter in self.declared:
            try:
                values[parameter] = _value(parameter, given.get(parameter, []))
            except InvalidInputError as error:
                faults.extend(error.faults)
        if faults:
            raise InvalidQueryError(faults)
        return Asked(values)


def once(read: Callable[[str, str], T]) -> Callable[[Pairs], T]:
    """Return what reads a parameter that is given at most once."""
    return partial(_read_once, read)


def each(read: Callable[[str, str], T]) -> Callable[[Pairs], tuple[T, ...]]:
    """Return what reads a parameter that may be repeated."""
    return partial(_read_each, read)


def _read_once(read: Callable[[str, str], T], pairs: Pairs) -> T:
    name, value = pairs[0]
    if len(pairs) > 1:
        raise InvalidQueryError.of(name, "repeated_parameter", "must be given at most once")
    return read(name, value)


def _read_each(read: Callable[[str, str], T], pairs: Pairs) -> tuple[T, ...]:
    if len(pairs) > MAX_CONDITIONS:
        message = f"is given {len(pairs)} times, at most {MAX_CONDITIONS} are allowed"
        raise InvalidQueryError.of(pairs[0][0], "too_many_conditions", message)
    return tuple(_read_one(read, name, value) for name, value in pairs)


def _read_one(read: Callable[[str, str], T], name: str, value: str) -> T:
    try:
        return read(name, value)
    except InvalidInputError as error:  # a rule of the core, which does not know the name
        raise InvalidQueryError(Fault(name, f.code, f.message) for f in error.faults) from None


def _value(parameter: Parameter[Any], pairs: Pairs) -> Any:  # noqa: ANN401
    if not pairs:
        if parameter.default is REQUIRED:
            raise InvalidQueryError.of(parameter.name, "missing_parameter", "is required")
        return parameter.default
    for name, value in pairs:
        check_characters(name, value)
    return parameter.read(pairs)


def _pairs(query_string: bytes) -> Pairs:
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MAX_PAIRS,
        )
    except UnicodeDecodeError:
        message = "the query string is not percent-encoded UTF-8"
        raise InvalidQueryError.of("", "invalid_unicode", message) from None
    except ValueError:
        message = f"the query string has more than {_MAX_PAIRS} parameters"
        raise InvalidQueryError.of("", "too_many_parameters", message) from None
    for name, _ in pairs:
        check_characters("", name)
    return pairs
