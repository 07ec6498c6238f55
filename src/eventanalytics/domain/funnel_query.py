"""What a funnel is asked: its steps, its window, what ends an attempt, and a cell of its answer.

Source: docs/semantics.md, "Funnels".
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum

import msgspec

from eventanalytics.domain.breakdowns import ALL, Breakdown, Group, GroupKind
from eventanalytics.domain.selection import EventSelector, Question
from eventanalytics.domain.time import TimeRange
from eventanalytics.errors import Fault, InvalidQueryError

MIN_STEPS, MAX_STEPS = 2, 20
MAX_EXCLUSIONS = 20
MAX_WINDOW_SECONDS = 366 * 86_400


class FunnelOrder(Enum):
    """How the events of the steps may lie."""

    ORDERED = "ordered"
    """Each after the one before; whatever happens between does not matter."""
    STRICT = "strict"
    """Each right after the one before: nothing of the user's happens between."""
    UNORDERED = "unordered"
    """In any order, each step by another event."""


class Exclusion(EventSelector, frozen=True, omit_defaults=True):
    """Events that end an attempt which has reached `from_step` and not yet `to_step`."""

    from_step: int = 1
    to_step: int = 2


class Attribution(Enum):
    """Which event of the attempt that counts gives a user's value."""

    ENTRY = "entry"
    """That of the first step."""
    LAST = "last"
    """That of the last step reached."""
    STEP = "step"
    """That of one step; users who did not reach it are in the group `none`."""
    ALL = "all"
    """Each value has a funnel of its own, of the events that carry it."""


class FunnelBreakdown(Breakdown, frozen=True):
    """The property to break a funnel down by; `step` is the one of the attribution STEP."""

    attribution: Attribution = Attribution.ENTRY
    step: int = 1


class FunnelQuery(Question, frozen=True, kw_only=True):
    """How many users take each of some steps, within a window of time from the first of them.

    An attempt begins in the range; its later steps may lie past the range's end.

    Raises:
        InvalidQueryError: There are not 2 to 20 steps, the window is not 1 second to 366 days, an
            exclusion or the breakdown names a step that is not there, or a list is too long.
    """

    steps: tuple[EventSelector, ...]
    order: FunnelOrder = FunnelOrder.ORDERED
    window_seconds: int = 7 * 86_400
    exclusions: tuple[Exclusion, ...] = ()
    breakdown: FunnelBreakdown | None = None

    def __post_init__(self) -> None:
        faults = self.faults()
        faults += _count_faults("steps", len(self.steps), MIN_STEPS, MAX_STEPS)
        for index, step in enumerate(self.steps):
            faults += step.faults(f"steps[{index}]")
        faults += _number_faults("window_seconds", self.window_seconds, MAX_WINDOW_SECONDS)
        faults += _count_faults("exclusions", len(self.exclusions), 0, MAX_EXCLUSIONS)
        for index, exclusion in enumerate(self.exclusions):
            faults += _exclusion_faults(exclusion, f"exclusions[{index}]", len(self.steps))
        if self.breakdown is not None and self.breakdown.attribution is Attribution.STEP:
            faults += _number_faults("breakdown.step", self.breakdown.step, len(self.steps))
        if faults:
            raise InvalidQueryError(faults)

    @property
    def window(self) -> timedelta:
        """How long after its first event an attempt may go on; the last instant belongs."""
        return timedelta(seconds=self.window_seconds)

    def reach(self) -> TimeRange:
        """Return the instants at which an event may matter: the range, and a window after it."""
        within = self.within()
        latest = datetime.max.replace(tzinfo=UTC)
        ends = latest - within.until > self.window
        return TimeRange(within.since, within.until + self.window if ends else latest)


class FunnelOutcome(Enum):
    """What became of the users of a cell."""

    REACHED = "reached"
    """They reached the step."""
    DROPPED = "dropped"
    """They reached the step before it, and not this one."""
    OPEN = "open"
    """They have not finished, and may still: those that `open_attempts` counts."""


class FunnelCell(msgspec.Struct, frozen=True, kw_only=True):
    """The users who reached `step`, or dropped before it; of one group where there is a breakdown.

    A group that is a value or `none` may be asked for whether it is among the biggest or not. For
    the outcome OPEN, which knows no groups, `step` stays 1.
    """

    step: int = 1
    outcome: FunnelOutcome = FunnelOutcome.REACHED
    group: Group = ALL

    def check(self, query: FunnelQuery) -> None:
        """Refuse a cell that the answer to *query* has not.

        Raises:
            InvalidQueryError: The step is not from 1 (for dropped users 2; for open attempts, no
                other than 1) to the last, or there is no such group.
        """
        first = 2 if self.outcome is FunnelOutcome.DROPPED else 1
        last = 1 if self.outcome is FunnelOutcome.OPEN else len(query.steps)
        faults = _number_faults("cell.step", self.step, last, least=first)
        grouped = self.group.kind is not GroupKind.ALL
        if grouped and (query.breakdown is None or self.outcome is FunnelOutcome.OPEN):
            faults.append(Fault("cell.group", "unknown_group", "there are no groups to choose of"))
        if faults:
            raise InvalidQueryError(faults)


def _number_faults(path: str, number: int, most: int, *, least: int = 1) -> list[Fault]:
    message = f"must be from {least} to {most}"
    return [] if least <= number <= most else [Fault(path, "out_of_range", message)]


def _count_faults(path: str, count: int, least: int, most: int) -> list[Fault]:
    if least <= count <= most:
        return []
    message = f"must hold from {least} to {most} {path}, not {count}"
    return [Fault(path, "out_of_range", message)]


def _exclusion_faults(exclusion: Exclusion, path: str, steps: int) -> Iterable[Fault]:
    yield from exclusion.faults(path)
    faults = [
        *_number_faults(f"{path}.from_step", exclusion.from_step, steps),
        *_number_faults(f"{path}.to_step", exclusion.to_step, steps),
    ]
    if not faults and exclusion.from_step >= exclusion.to_step:
        message = f"must be after from_step {exclusion.from_step}"
        faults = [Fault(f"{path}.to_step", "invalid_step_order", message)]
    yield from faults
