"""How busy each hour of the world is: the day's and the week's rhythm, and the launch."""

from collections.abc import Sequence
from itertools import accumulate

HOURS = (14, 9, 6, 5, 6, 10, 18, 30, 42, 50, 54, 58, 62, 60, 57, 56, 58, 64, 74, 82, 84, 72, 48, 26)
"""The weight of each hour of a day, in UTC: quiet nights, busiest in the evening."""

WEEKDAYS = (100, 104, 106, 104, 100, 76, 70)
"""The weight of each day of a week, from Monday."""


def launch(day: int) -> int:
    """Return the weight of sign-ups on a day counted from the launch.

    A crowd at first, a steady stream later.

    >>> [launch(day) for day in (0, 1, 7, 30, 89)]
    [80, 60, 33, 23, 21]
    """
    return 20 + 120 // (day + 2)


def returning(days: int) -> int:
    """Return the weight of a session so many days after its user signed up: retention decays.

    >>> [returning(days) for days in (0, 1, 7, 30, 89)]
    [500000, 333333, 111111, 31250, 10989]
    """
    return 1_000_000 // (days + 2)


def shared_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Return *amount* shared out by *weights* (not all 0), added up: the last is *amount* itself.

    >>> shared_out(10, [1, 0, 2])
    [3, 3, 10]
    """
    running = list(accumulate(weights))
    return [amount * weight // running[-1] for weight in running]


def by_hour(days: Sequence[int]) -> list[int]:
    """Return the weight of each hour, of days that have these weights."""
    return [day * hour for day in days for hour in HOURS]
