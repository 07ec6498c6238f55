"""Lengths of time as they are written on a command line: ``7d``, ``1h30m``, ``45``."""

import re

import click

UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}

_PART = re.compile(r"([0-9]{1,10})([wdhms])")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")


def parse_duration(text: str) -> int:
    """Return the seconds that *text* means; without a unit they are seconds.

    Raises:
        ValueError: It is no length of time.

    >>> parse_duration("1h30m"), parse_duration("7d"), parse_duration("90")
    (5400, 604800, 90)
    """
    if re.fullmatch(r"[0-9]{1,10}", text):
        return int(text)
    if not _WHOLE.fullmatch(text):
        message = f"{text!r} is no length of time such as 30m, 1h30m or 7d (units: w, d, h, m, s)"
        raise ValueError(message)
    return sum(int(number) * UNITS[unit] for number, unit in _PART.findall(text))


def as_seconds(_context: click.Context, _parameter: click.Parameter, text: str) -> int:
    """Read the value of an option that is a length of time; a callback of click's.

    Raises:
        click.BadParameter: It is none.
    """
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
