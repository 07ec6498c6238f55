"""Numbers, times and names, as pictures show them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from eventanalytics.domain.breakdowns import GroupKind
from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.cli.querying.where import write_condition

NOTHING = "-"
"""What stands where there is no value."""

_FORMATS = {
    Interval.HOUR: "%Y-%m-%d %H:%M",
    Interval.DAY: "%Y-%m-%d",
    Interval.WEEK: "%Y-%m-%d",
    Interval.MONTH: "%Y-%m",
}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


class GroupRead(msgspec.Struct, frozen=True):
    """A group as it is read from an answer: whole numbers stay whole, however large."""

    kind: GroupKind
    value: str | int | float | bool | None = None


class RangeRead(msgspec.Struct, frozen=True):
    """The range of a question as it was understood."""

    since: str = msgspec.field(name="from")
    until: str = msgspec.field(name="to")


class QuestionRead(msgspec.Struct, frozen=True):
    """What the headings of all pictures say of a question as it was understood."""

    range: RangeRead
    timezone: str
    where: list[dict[str, Any]]


def number(value: float | None) -> str:
    """Return a number with its thousands apart, and as many decimals as tell something.

    >>> number(12345), number(2.5), number(1234.5678), number(0.000123), number(None)
    ('12,345', '2.5', '1,234.57', '0.000123', '-')
    """
    if value is None:
        return NOTHING
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    if not 0.01 <= abs(value) < 1e15:
        return f"{value:.4g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def percent(share: float | None) -> str:
    """Return a share of 1 in percent.

    >>> percent(0.1234), percent(1.0), percent(None)
    ('12.3%', '100.0%', '-')
    """
    return NOTHING if share is None else f"{share:.1%}"


def change(before: float | None, after: float | None) -> str:
    """Return by how much *after* differs from *before*, in percent of it.

    >>> change(100, 150), change(100, 99), change(0, 5)
    ('+50.0%', '-1.0%', '-')
    """
    if before is None or after is None or not before:
        return NOTHING
    return f"{(after - before) / abs(before):+.1%}"


def duration(seconds: float | None) -> str:
    """Return a length of time in its two largest units.

    >>> duration(90_061), duration(75), duration(59.96), duration(0.25), duration(None)
    ('1 d 1 h', '1 min 15 s', '1 min', '0.2 s', '-')
    """
    if seconds is None:
        return NOTHING
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    rest = round(seconds)
    parts: list[str] = []
    for size, unit in (*_UNITS, (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break  # 1 d 5 min is as good as 1 d
    return " ".join(parts[:2])


def shown(text: str) -> str:
    r"""Return text that a terminal shows and never obeys.

    >>> print(shown("café \x1b[31m"))
    café \x1b[31m
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def event(name: str | None) -> str:
    """Return the name of an event type, None being any."""
    return "any event" if name is None else shown(name)


def group(one: GroupRead) -> str:
    """Return the name of a group; a text that looks like another group's name is in quotes."""
    if one.kind is not GroupKind.VALUE:
        return f"({one.kind.value})"
    if isinstance(one.value, str):
        plain = one.value.isprintable() and one.value == one.value.strip() and one.value
        if plain and plain[0] not in '("-0123456789' and plain not in {"true", "false"}:
            return plain
        return shown(f'"{one.value}"')
    return msgspec.json.encode(one.value).decode()


def group_cells(one: GroupRead) -> tuple[str, str, str]:
    """Return the kind, the type and the text of a group, for flat rows."""
    if one.kind is not GroupKind.VALUE:
        return one.kind.value, "", ""
    if isinstance(one.value, str):
        return one.kind.value, "text", one.value
    kind = "boolean" if isinstance(one.value, bool) else "number"
    return one.kind.value, kind, msgspec.json.encode(one.value).decode()


def starts(times: Iterable[datetime], interval: Interval, timezone: str) -> list[str]:
    """Return the names of buckets; an hour that the clock shows twice has its offset too."""
    zone = ZoneInfo(timezone)
    local = [time.astimezone(zone) for time in times]
    names = [time.strftime(_FORMATS[interval]) for time in local]
    often = Counter(names)
    return [
        name if often[name] == 1 else f"{name}{time:%z}"
        for name, time in zip(names, local, strict=True)
    ]


def bucket_names(buckets: Sequence[BucketOut], interval: Interval, timezone: str) -> list[str]:
    """Return the names of buckets; those that are not complete end in a star."""
    names = starts((bucket.start for bucket in buckets), interval, timezone)
    return [
        name if bucket.complete else f"{name}*" for name, bucket in zip(names, buckets, strict=True)
    ]


def range_of(query: QuestionRead) -> str:
    """Return the range, the zone and the conditions of a question."""
    where = "".join(f", where {shown(write_condition(one))}" for one in query.where)
    return f"{query.range.since} to {query.range.until}, {query.timezone}{where}"
