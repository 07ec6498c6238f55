"""The world as a stream of deliveries, in the order in which they arrive."""

import hashlib
import random
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

import msgspec

from eventanalytics_adapters.demo.people import Population, user
from eventanalytics_adapters.demo.properties import PROPERTIES, item_of
from eventanalytics_adapters.demo.visits import MAX_EVENTS, visit

DEFAULT_DAYS = 90
MAX_DAYS = 3650
DEFAULT_LAST_DAY = date(2025, 9, 30)
"""Fixed, since the same command is to give the same bytes on any day."""

LATE_IN_1024 = 20
REPEATED_IN_1024 = 10

Delivery: TypeAlias = tuple[int, str, str, str, str, str, bool]
"""When it arrives (milliseconds since the world began), event_id, occurred_at (UTC, as text),
user_id, event_type, properties (JSON), and whether the same event was delivered before."""

_HOUR = 3_600_000
_SHORTEST_PAUSE, _PAUSE_BITS = 3_000, 17
_LONGEST_VISIT = (MAX_EVENTS - 1) * (_SHORTEST_PAUSE + 2**_PAUSE_BITS)
_VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


class World(msgspec.Struct, frozen=True, kw_only=True):
    """A world of so many distinct *events* in the *days* (UTC) that end with *last_day*.

    Other options make another world: none of its events has the id of one here.
    """

    events: int
    seed: int
    days: int = DEFAULT_DAYS
    last_day: date = DEFAULT_LAST_DAY

    def __post_init__(self) -> None:
        if self.events < 1 or not 1 <= self.days <= MAX_DAYS:
            raise ValueError(f"a world has events, and from 1 to {MAX_DAYS} days")
        if self.first_day < date(1971, 1, 1):
            raise ValueError("a world begins after 1970")

    @property
    def first_day(self) -> date:
        """The day of the launch."""
        return self.last_day - timedelta(days=self.days - 1)

    def entropy(self) -> int:
        """Return the number that everything is drawn by."""
        text = f"{self.events} {self.seed} {self.days} {self.last_day.isoformat()}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def deliveries(world: World) -> Iterator[list[Delivery]]:
    """Yield what arrives in each hour, in order, and at the end what is late still.

    Leaving out what was delivered before, there are exactly `World.events`.
    """
    people = Population(events=world.events, days=world.days, weekday=world.first_day.weekday())
    visits = _Visits(world)
    new, waiting = 0, list[Delivery]()
    for hour, (joined, events) in enumerate(zip(people.joined, people.events, strict=True)):
        if hour % 24 == 0:
            people.begin_day(hour // 24)
        while new < joined and visits.left:
            waiting += visits.one(new, hour, is_first=True)
            new += 1
        while new and visits.made < events:
            chance = visits.draw(96)
            who = people.returning(new, chance >> 32, chance & 0xFFFF_FFFF)
            waiting += visits.one(who, hour, is_first=False)
        waiting.sort()
        arrived = bisect_left(waiting, ((hour + 1) * _HOUR,))
        yield waiting[:arrived]
        del waiting[:arrived]
    yield waiting


class _Visits:
    """Makes sessions until there are enough events."""

    def __init__(self, world: World) -> None:
        entropy = world.entropy()
        self.draw = random.Random(entropy).getrandbits  # noqa: S311 - no secret
        self.made = 0
        self.left = world.events
        self._salt = entropy & (2**64 - 1)
        self._latest = world.days * 24 * _HOUR - _LONGEST_VISIT
        self._days = [
            (world.first_day + timedelta(days=day)).isoformat() for day in range(world.days)
        ]
        self._minutes = [f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440)]
        self._seconds = [f"{ms // 1000:02d}.{ms % 1000:03d}Z" for ms in range(60_000)]

    def one(self, number: int, hour: int, *, is_first: bool) -> list[Delivery]:
        """Return the deliveries of a session that begins in the *hour*, in no order."""
        draw, days, minutes, seconds = self.draw, self._days, self._minutes, self._seconds
        user_id, _, known = who = user(number, self._salt)
        chance = draw(128)
        types = visit(who, chance & 0xFFFF_FFFF, is_first=is_first)
        if len(types) > self.left:
            types = types[: self.left]
        known = f'{known},"session_id":"{chance >> 96:08x}"'
        begin = hour * _HOUR
        # The last session ends before the world does.
        room = min(_HOUR, self._latest - begin)
        at = begin + ((chance >> 32 & 0xFFFF_FFFF) * room >> 32)
        item = item_of(chance >> 64 & 0xFFFF)
        found: list[Delivery] = []
        for event_type in types:
            drawn = draw(208)
            more = drawn >> 128
            h = f"{drawn & (2**128 - 1):032x}"
            if event_type == "view_item":
                item = item_of(more & 0xFFFF)
            minute, rest = divmod(at, 60_000)
            day, minute = divmod(minute, 1440)
            event = (
                f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{_VARIANTS[h[16]]}{h[17:20]}-{h[20:]}",
                days[day] + minutes[minute] + seconds[rest],
                user_id,
                event_type,
                f"{known}{PROPERTIES[event_type](more & 0xFFFF, item)}}}",
            )
            arrives = at
            if (more >> 16 & 1023) < LATE_IN_1024:
                # By a minute to 37 hours.
                arrives += 60_000 + (more >> 36 & 0x7FF_FFFF)
            found.append((arrives, *event, False))
            if (more >> 26 & 1023) < REPEATED_IN_1024:
                # By a second to nine minutes: the sender tries again.
                found.append((arrives + 1000 + (more >> 36 & 0x7_FFFF), *event, True))
            at += _SHORTEST_PAUSE + (more >> 63)
        self.made += len(types)
        self.left -= len(types)
        return found
