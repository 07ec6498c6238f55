"""What is counted of the steps of a funnel: users, and the times that they took.

Source: docs/semantics.md, "Funnels".
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median

import msgspec

from eventanalytics.domain.funnel_attempts import Journey

_MICROSECOND = timedelta(microseconds=1)


class StepTally(msgspec.Struct, frozen=True):
    """The users of one step, and the microseconds since the step before: their sum and median."""

    users: int
    total_microseconds: int = 0
    median_microseconds: float = 0.0


class Tallies:
    """Counts journeys one by one, in eight bytes for each step that a user reached.

    `times` are, by step, the microseconds since the step before, one for each user who reached it.
    """

    def __init__(self, journeys: Iterable[Journey] = ()) -> None:
        self.times: list[array[int]] = []
        for journey in journeys:
            self.add(journey)

    def add(self, journey: Journey) -> None:
        """Count one user more."""
        before = journey.reached[0].occurred_at
        for index, moment in enumerate(journey.reached):
            if index == len(self.times):
                self.times.append(array("q"))
            self.times[index].append((moment.occurred_at - before) // _MICROSECOND)
            before = moment.occurred_at

    def merge(self, other: "Tallies") -> None:
        """Count the users of *other* too."""
        for index, times in enumerate(other.times):
            if index == len(self.times):
                self.times.append(array("q"))
            self.times[index].extend(times)

    @property
    def users(self) -> int:
        """How many users were counted."""
        return len(self.times[0]) if self.times else 0

    def steps(self) -> Sequence[StepTally]:
        """Return what was counted of each step that anybody reached, in order."""
        return [StepTally(len(times), sum(times), median(times)) for times in self.times]
