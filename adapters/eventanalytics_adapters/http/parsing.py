"""Values of query parameters, from text; each function refuses by name what it cannot read."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TypeAlias, TypeGuard, TypeVar

import msgspec

from eventanalytics.domain.events import as_utc
from eventanalytics.domain.filters import EVENT_TYPE, USER_ID, Condition, Operator, untyped
from eventanalytics.domain.json_values import character_faults
from eventanalytics.domain.time import Calendar, DateRange, check_date
from eventanalytics.errors import InvalidQueryError

E = TypeVar("E", bound=Enum)

Moment: TypeAlias = date | datetime
"""A whole local day, or an instant."""

_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FIELDS = {"event_type": EVENT_TYPE, "user_id": USER_ID}
PROPERTIES = "properties."


def check_characters(name: str, text: str) -> None:
    """Refuse text that no store can hold.

    Raises:
        InvalidQueryError: It has a NUL character or half a surrogate pair.
    """
    if faults := character_faults(text, name):
        raise InvalidQueryError(faults)


def text(name: str, value: str) -> str:
    """Read a text that is not empty."""
    if not value:
        raise InvalidQueryError.of(name, "empty_text", "must not be empty")
    return value


def integer(name: str, value: str) -> int:
    """Read a whole number."""
    if not _INTEGER.fullmatch(value):
        raise InvalidQueryError.of(name, "invalid_integer", "must be a whole number")
    return int(value)


def day(name: str, value: str) -> date:
    """Read a day."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # such as 2025-02-30
    raise InvalidQueryError.of(name, "invalid_date", "must be a date such as 2025-01-13")


def moment(name: str, value: str) -> Moment:
    """Read a day, or an instant, of an address; without an offset it is UTC."""
    return day_or_instant(name, value, "; a + in an address is written %2B" if " " in value else "")


def day_or_instant(name: str, value: str, hint: str = "") -> Moment:
    """Read a day, or an instant; without an offset it is UTC. *hint* ends the message."""
    if _DAY.fullmatch(value):
        found = day(name, value)
        check_date(found, name)
        return found
    try:
        instant = as_utc(msgspec.convert(value, datetime))
    except (msgspec.ValidationError, OverflowError, UnicodeEncodeError):
        message = "must be a date such as 2025-01-13, or a time such as 2025-01-13T10:30:00Z"
        raise InvalidQueryError.of(name, "invalid_datetime", message + hint) from None
    check_date(instant.date(), name)
    return instant


def choice(options: Mapping[str, E]) -> Callable[[str, str], E]:
    """Return what reads one of *options*."""

    def read(name: str, value: str) -> E:
        if value not in options:
            message = "must be one of " + ", ".join(options)
            raise InvalidQueryError.of(name, f"invalid_{name}", message)
        return options[value]

    return read


def property_filter(name: str, value: str) -> Condition:
    """Read ``properties.<key>=<value>``, whose value has no type."""
    key = name.removeprefix(PROPERTIES)
    if not key:
        raise InvalidQueryError.of(name, "empty_text", "must name a property: properties.<key>")
    return untyped(key, value)


def segment(name: str, value: str) -> Condition:
    """Read ``<field>:<value>``, the field being event_type, user_id or properties.<key>."""
    field, colon, wanted = value.partition(":")
    if colon and field in _FIELDS:
        return Condition(_FIELDS[field], Operator.EQ, wanted)
    if colon and len(field) > len(PROPERTIES) and field.startswith(PROPERTIES):
        return property_filter(field, wanted)
    message = "must be event_type:<value>, user_id:<value> or properties.<key>:<value>"
    raise InvalidQueryError.of(name, "invalid_segment", message)


def bounds(
    calendar: Calendar, since: Moment | None, until: Moment | None
) -> tuple[datetime | None, datetime | None]:
    """Return the half-open range of instants; days are whole days of *calendar*, both included.

    Raises:
        InvalidQueryError: It ends before it begins.
    """
    first = _edge(calendar, since, timedelta(0))
    end = _edge(calendar, until, timedelta(days=1))
    if first is None or end is None:
        return first, end
    if _is_day(since) and _is_day(until):
        DateRange(since, until)
    elif first > end or (first == end and (_is_day(since) or _is_day(until))):
        raise InvalidQueryError.of("from", "invalid_range", f"from {since} is after to {until}")
    return first, end


def _is_day(moment: Moment | None) -> TypeGuard[date]:
    return moment is not None and not isinstance(moment, datetime)


def _edge(calendar: Calendar, moment: Moment | None, past: timedelta) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    return calendar.start_of_day(moment + past)
