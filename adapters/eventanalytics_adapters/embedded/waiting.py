"""Waiting for as long as it takes, and saying what for."""

import time
from collections.abc import Callable, Iterator

Report = Callable[[str], None]
"""Takes a sentence for the person who waits."""

PAUSE_SECONDS = 0.02
REPORT_EVERY_SECONDS = 5.0


def polls(report: Report, describe: Callable[[], str]) -> Iterator[float]:
    """Yield the seconds waited so far, many times a second, without end.

    The first turn comes at once. Every few seconds *report* hears what *describe* says.
    """
    began = reported = time.monotonic()
    while True:
        now = time.monotonic()
        if now - reported >= REPORT_EVERY_SECONDS:
            reported = now
            report(f"{describe()} ({now - began:.0f} s)")
        yield now - began
        time.sleep(PAUSE_SECONDS)
