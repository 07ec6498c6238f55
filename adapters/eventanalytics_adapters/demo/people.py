"""Who signs up when, who comes back, and what is known of a user."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from eventanalytics_adapters.demo.calendar import (
    WEEKDAYS,
    by_hour,
    launch,
    returning,
    shared_out,
)

EVENTS_A_USER = 33
FIRST_VISIT_EVENTS = 7
"""About so many events a user has in the first session; decides only how days compare."""

# Of 1,000 users, how many ever get as far as each step of the funnel and no further.
_REACHES = ((200, 1), (600, 2), (760, 3), (820, 4), (1000, 5))
_REACH_OF = tuple(next(reach for below, reach in _REACHES if n < below) for n in range(1000))

# Of 64 users each: None for those whose events lack it, "null" for those whose events have null.
_COUNTRIES = (
    *('"UA"',) * 20,
    *('"PL"',) * 11,
    *('"DE"',) * 9,
    *('"GB"',) * 6,
    *('"FR"',) * 5,
    *('"SE"',) * 3,
    *('"NL"',) * 3,
    *('"US"',) * 2,
    '"JP"',
    '"EG"',
    "null",
    *(None,) * 2,
)
_PLANS = (*("free",) * 11, *("pro",) * 4, "team")
_DEVICES = (
    *('"os":"Android","device":{"model":"Pixel 8","screen":{"width":412,"height":915}}',) * 3,
    *('"os":"iOS","device":{"model":"iPhone 15","screen":{"width":393,"height":852}}',) * 2,
    '"os":"Windows","device":{"model":null,"screen":{"width":1920,"height":1080}}',
    '"os":"macOS","device":{"model":null,"screen":{"width":1512,"height":982}}',
    '"os":"Linux"',
)
_LOW_64 = 2**64 - 1

_HEAD = 128
"""The n-th of s users comes back in proportion to (n / s + 1 / 128) ** (-2/3)."""
_SKEW_BITS = 32
_LEAST_SKEW = next(  # the cube root of 1 / 129, as a part of 2**32
    high for high in range(850_000_000, 860_000_000, 1000) if (_HEAD + 1) * high**3 >> 96
)


class User(NamedTuple):
    """What is known of a user, always the same for one number."""

    user_id: str
    reach: int
    """The furthest step of the funnel that the user ever gets to, from 1."""
    properties: str
    """The beginning of the JSON of all the user's events."""


def user(number: int, salt: int) -> User:
    """Return the user with this number in the world with this salt (both below 2**64)."""
    # Nothing is kept of a user: what a hash of the number says is the same each time.
    mixed = (number * 0x9E3779B97F4A7C15 + salt) & _LOW_64
    mixed = ((mixed ^ mixed >> 31) * 0xBF58476D1CE4E5B9) & _LOW_64
    mixed ^= mixed >> 29
    country = _COUNTRIES[mixed & 63]
    known = "" if country is None else f'"country":{country},'
    return User(
        f"u{number + 1:07d}",
        _REACH_OF[(mixed >> 16) % 1000],
        f'{{{known}"plan":"{_PLANS[mixed >> 6 & 15]}",{_DEVICES[mixed >> 10 & 7]}',
    )


class Population:
    """Everybody who signs up in *days* days, the first of which has this *weekday* (Monday is 0).

    Users are numbered in the order in which they sign up.
    """

    def __init__(self, *, events: int, days: int, weekday: int) -> None:
        users = max(1, events // EVENTS_A_USER)
        weekdays = [WEEKDAYS[(weekday + day) % 7] for day in range(days)]
        joining = [weight * launch(day) for day, weight in enumerate(weekdays)]
        self.joined = shared_out(users, by_hour(joining))
        """How many users there are at the end of each hour."""
        self._until_day = [0, *self.joined[23::24]]
        self._decay = [returning(age) for age in range(days)]
        sizes = [later - sooner for sooner, later in zip(self._until_day, self._until_day[1:])]  # noqa: B905
        back = [
            weight * sum(self._decay[day - joined] * sizes[joined] for joined in range(day + 1))
            for day, weight in enumerate(weekdays)
        ]
        rest = max(0, events - users * FIRST_VISIT_EVENTS)
        busy = [
            size * FIRST_VISIT_EVENTS * sum(back) + weight * rest
            for size, weight in zip(sizes, back, strict=True)
        ]
        self.events = shared_out(events, by_hour(busy))
        """How many events there should be by the end of each hour; the last is *events*."""
        self._sizes = sizes
        self._day = -1
        self._running: Sequence[int] = ()

    def begin_day(self, day: int) -> None:
        """Be asked about this day from now on."""
        self._day = day
        self._running = list(
            accumulate(self._sizes[joined] * self._decay[day - joined] for joined in range(day))
        )

    def returning(self, joined: int, which: int, skew: int) -> int:
        """Return who comes back, when *joined* users (at least one) have signed up so far.

        *which* (below 2**64) chooses the day on which they signed up, by size and age; *skew*
        (below 2**32) who of that day: few come back often, and most of them hardly ever.
        """
        day = self._day
        earlier = self._running[-1] if self._running else 0
        today = joined - self._until_day[day]
        place = (earlier + today * self._decay[0]) * which >> 64
        if place < earlier:
            day = bisect_right(self._running, place)
            today = self._sizes[day]
        # The cumulated share of the n-th is a cube root: turned round, it is a cube.
        skew = _LEAST_SKEW + (skew * (2**_SKEW_BITS - _LEAST_SKEW) >> _SKEW_BITS)
        return self._until_day[day] + ((today * (_HEAD + 1) * skew**3 >> 96) - today) // _HEAD
