"""Breakdowns: the groups that the value of a property makes, and which of them are shown.

Source: docs/semantics.md, "Filters and breakdowns".
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import cast

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import MISSING, resolve
from eventanalytics.domain.json_values import (
    JSONValue,
    canonical,
    character_faults,
    scalar_type,
)
from eventanalytics.errors import Fault, InvalidQueryError

MAX_GROUPS = 1000


class GroupKind(Enum):
    """What a group stands for."""

    ALL = "all"
    """Everything: there is no breakdown."""
    VALUE = "value"
    NONE = "none"
    """The property is missing or null."""
    OTHER = "other"
    """Every value that is not among the biggest."""


class Group(msgspec.Struct, frozen=True):
    """One group; `value` is a text, number or boolean for the kind VALUE, else None."""

    kind: GroupKind
    value: str | float | bool | None = None

    def __eq__(self, other: object) -> bool:
        """Compare by type and value: 1 and 1.0 are one group, true is another, "1" a third."""
        return isinstance(other, Group) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def rank(self, size: int) -> tuple[int, str, str]:
        """Return what groups are ordered by: the bigger first, ties by the value's text."""
        if self.kind is not GroupKind.VALUE:
            return (-size, "", "")
        text = self.value if isinstance(self.value, str) else json_text(self.value)
        return (-size, text, scalar_type(self.value))

    def _key(self) -> tuple[GroupKind, str, JSONValue]:
        return (self.kind, scalar_type(self.value), self.value)


ALL = Group(GroupKind.ALL)
NONE = Group(GroupKind.NONE)
OTHER = Group(GroupKind.OTHER)


class Breakdown(msgspec.Struct, frozen=True):
    """The property to break an answer down by, and how many groups stay (1..1000)."""

    property: str
    limit: int = 25

    def __post_init__(self) -> None:
        faults = character_faults(self.property, "breakdown.property")
        if not self.property:
            faults.append(Fault("breakdown.property", "empty_text", "must not be empty"))
        if not 1 <= self.limit <= MAX_GROUPS:
            message = f"must be from 1 to {MAX_GROUPS}"
            faults.append(Fault("breakdown.limit", "out_of_range", message))
        if faults:
            raise InvalidQueryError(faults)


def group_of(event: Event, name: str) -> Group:
    """Return the group that *event* falls in by its property *name*: a value, or none."""
    found = resolve(event, name)
    return NONE if found is MISSING else group_of_value(found)


def group_of_value(value: JSONValue) -> Group:
    """Return the group of a value: an array or object stands there as its JSON text."""
    value = canonical(value)
    if value is None:
        return NONE
    if isinstance(value, dict | list):
        return Group(GroupKind.VALUE, json_text(value))
    return Group(GroupKind.VALUE, value)


def biggest(sizes: Mapping[Group, int], limit: int) -> tuple[Group, ...]:
    """Return the *limit* biggest groups, in order; ties by the value's text, then by its type."""
    return tuple(sorted(sizes, key=lambda group: group.rank(sizes[group]))[:limit])


def shown_groups(kept: Iterable[Group], *, has_other: bool) -> tuple[Group, ...]:
    """Return the groups of an answer, `OTHER` last where something is left for it."""
    return (*kept, OTHER) if has_other else tuple(kept)


def json_text(value: JSONValue) -> str:
    """Return the JSON text of a canonical value, one text for all equal values.

    Keys stand in the order of their length in UTF-8, then of their bytes; numbers without exponent.

    >>> json_text({"bb": 1e-7, "a": [True, "é"]})
    '{"a": [true, "é"], "bb": 0.0000001}'
    """
    match value:
        case dict():
            keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
            members = (f"{json.dumps(k, ensure_ascii=False)}: {json_text(value[k])}" for k in keys)
            return "{" + ", ".join(members) + "}"
        case list():
            return "[" + ", ".join(map(json_text, cast("list[JSONValue]", value))) + "]"
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return json.dumps(value, ensure_ascii=False)
