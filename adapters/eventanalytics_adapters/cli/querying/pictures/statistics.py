"""The quick statistics: a bar a day, a bar an event type."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

import msgspec
from rich.text import Text

from eventanalytics.domain.daily_users import DailyUsers
from eventanalytics.domain.top_events import EventTypeCount
from eventanalytics_adapters.cli.querying.pictures.canvas import HEADING, Canvas
from eventanalytics_adapters.cli.querying.pictures.grid import Column, Grid
from eventanalytics_adapters.cli.querying.pictures.words import number, shown

DAU_HEADER: Final = ("date", "unique_users")
TOP_HEADER: Final = ("event_type", "count", "unique_users")


class _Statistic(msgspec.Struct, frozen=True):
    since: date = msgspec.field(name="from")
    until: date = msgspec.field(name="to")
    timezone: str

    @property
    def range(self) -> str:
        """The days and their zone."""
        return f"{self.since} to {self.until}, {self.timezone}"


class _Days(_Statistic, frozen=True):
    data: list[DailyUsers]


class _Types(_Statistic, frozen=True):
    data: list[EventTypeCount]


def dau_rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row a day."""
    for day in msgspec.json.decode(answer, type=_Days).data:
        yield (day.date, day.unique_users)


def top_rows(answer: bytes) -> Iterator[Sequence[object]]:
    """Yield a row an event type."""
    for one in msgspec.json.decode(answer, type=_Types).data:
        yield (one.event_type, one.count, one.unique_users)


def draw_dau(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the daily active users."""
    read = msgspec.json.decode(answer, type=_Days)
    yield Text(f"Daily active users, {read.range}", HEADING)
    yield canvas.sparkline([day.unique_users for day in read.data], canvas.width)
    yield Text()
    grid = Grid(Column("Day", "time"), Column("Users"), Column("", "bar"))
    largest = max((day.unique_users for day in read.data), default=0)
    for day in read.data:
        bar = partial(canvas.bar, day.unique_users, largest)
        grid.row(f"{day.date:%a %Y-%m-%d}", number(day.unique_users), bar)
    yield from grid.lines(canvas.width)


def draw_top(answer: bytes, canvas: Canvas) -> Iterator[Text]:
    """Draw the most frequent event types."""
    read = msgspec.json.decode(answer, type=_Types)
    yield Text(f"Top events, {read.range}", HEADING)
    yield Text()
    grid = Grid(Column("Event", "name"), Column("Events"), Column("Users"), Column("", "bar"))
    largest = max((one.count for one in read.data), default=0)
    for one in read.data:
        bar = partial(canvas.bar, one.count, largest)
        grid.row(shown(one.event_type), number(one.count), number(one.unique_users), bar)
    yield from grid.lines(canvas.width)
