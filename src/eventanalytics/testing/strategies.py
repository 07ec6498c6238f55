"""Hypothesis strategies of small colliding worlds: a calendar, a few instants, users and events.

A bug in a rule nearly always shows in a world this small, and a small counterexample can be read.
A `World` is a time zone with some instants around one of its clock changes; `event_logs(world)`
and the queries of `eventanalytics.testing.query_strategies` are drawn around it:

>>> from hypothesis import given, strategies as st
>>> from eventanalytics.testing.strategies import event_logs, worlds
>>> logs = worlds().flatmap(event_logs)
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.json_values import Properties
from eventanalytics.domain.time import Calendar, WeekStart
from eventanalytics.testing.json_strategies import properties

EVENT_TYPES: Final = ("view", "Buy", "ä")
"""Three types whose order by code points is not that of any language."""

USER_IDS: Final = ("1", "01", "ann", "Ann")
"""Four users whom a careless store takes for fewer."""

EVENT_IDS: Final = tuple(
    UUID(int=number)
    for number in (
        *(0, 1, 2, 255, 256, 2**32, 2**48, 2**62, 2**63, 2**64 - 1, 2**64, 2**79, 2**80),
        *(2**96, 2**112, 2**126, 2**127 - 1, 2**127, 2**128 - 2, 2**128 - 1),
    )
)
"""Twenty ids; compared in any other way than as whole big-endian numbers, their order breaks."""


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CLOCK_CHANGES: Final[Mapping[str, tuple[datetime, ...]]] = {
    "UTC": (_utc("2025-01-01"),),
    "Europe/Kyiv": (_utc("2025-03-30T01:00"), _utc("2025-10-26T01:00")),
    "America/New_York": (_utc("2025-03-09T07:00"), _utc("2025-11-02T06:00")),
    "Africa/Cairo": (_utc("2025-04-24T22:00"), _utc("2025-10-30T21:00")),
    "Asia/Kathmandu": (_utc("1985-12-31T18:30"),),
    "America/St_Johns": (_utc("2006-04-02T03:31"), _utc("2006-10-29T02:31")),
    "Australia/Lord_Howe": (_utc("2025-04-05T15:00"), _utc("2025-10-04T15:30")),
    "Pacific/Apia": (_utc("2011-12-30T10:00"),),
}
"""Zones with instants at which their clocks were changed (UTC: a new year).

Kyiv and New York change at night, Cairo at midnight, St John's at a minute past it; Lord Howe by
half an hour, Kathmandu by a quarter; Apia left out a whole day.
"""

_STEPS: Final = tuple(
    timedelta(**step)
    for step in (
        *({"microseconds": 0}, {"microseconds": -1}, {"microseconds": 1}, {"minutes": 30}),
        *({"hours": -1}, {"hours": 1}, {"hours": 2}, {"hours": -24}, {"hours": 24}, {"hours": 36}),
        *({"days": -7}, {"days": 7}, {"days": -31}, {"days": 31}),
    )
)


class World(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar and the instants at which something happens in it: one to seven, in UTC."""

    calendar: Calendar
    instants: tuple[datetime, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The local days of the instants, in order, each once."""
        return tuple(sorted({self.calendar.local_date(instant) for instant in self.instants}))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a time zone, the first day of its weeks, and instants around one of its clock changes.

    Some of the instants are the beginning of a local day, or the microsecond before it.
    """
    zone = draw(st.sampled_from(tuple(CLOCK_CHANGES)))
    calendar = Calendar(zone, draw(st.sampled_from(WeekStart)))
    change = draw(st.sampled_from(CLOCK_CHANGES[zone]))
    near = [change + step for step in _STEPS]
    for instant in (change - timedelta(days=1), change, change + timedelta(days=1)):
        midnight = calendar.start_of_day(calendar.local_date(instant))
        near += [midnight, midnight - timedelta(microseconds=1)]
    instants = draw(st.lists(st.sampled_from(near), min_size=1, max_size=7, unique=True))
    return World(calendar=calendar, instants=tuple(instants))


event_types: st.SearchStrategy[str] = st.sampled_from(EVENT_TYPES)
"""One of three types."""

user_ids: st.SearchStrategy[str] = st.sampled_from(USER_IDS)
"""One of four users."""

event_ids: st.SearchStrategy[UUID] = st.sampled_from(EVENT_IDS)
"""One of twenty ids, so that logs have repeated ones."""


_NO_PROPERTIES: st.SearchStrategy[Properties] = st.builds(dict[str, Any])


def events(world: World) -> st.SearchStrategy[Event]:
    """Draw events at the instants of *world*, received at some of them too."""
    instants = st.sampled_from(world.instants)
    return st.builds(
        Event,
        event_id=event_ids,
        user_id=user_ids,
        event_type=event_types,
        occurred_at=instants,
        received_at=instants,
        properties=_NO_PROPERTIES | properties,
    )


def event_logs(world: World, *, max_size: int = 12) -> st.SearchStrategy[list[Event]]:
    """Draw logs of at most *max_size* events of *world*, some ids repeated with other content."""
    return st.lists(events(world), max_size=max_size)


def distinct_event_logs(world: World, *, max_size: int = 12) -> st.SearchStrategy[list[Event]]:
    """Draw logs of at most *max_size* events of *world*, every id once: what a store may hold."""
    return st.lists(events(world), max_size=max_size, unique_by=lambda event: event.event_id)
