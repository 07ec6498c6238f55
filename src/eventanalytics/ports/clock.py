"""The port that tells the time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells what time it is."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC, to the microsecond."""
        ...
