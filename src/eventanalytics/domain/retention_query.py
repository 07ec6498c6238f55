"""What can be asked about retention.

Source: docs/semantics.md, "Retention".
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from itertools import islice

import msgspec

from eventanalytics.domain.selection import EventSelector, Question
from eventanalytics.domain.time import MAX_BUCKETS, Bucket, Interval
from eventanalytics.errors import Fault, InvalidInputError, InvalidQueryError

MAX_PERIODS = 366
MAX_CELLS = 250_000


class RetentionKind(Enum):
    """Which start event makes a user belong to a cohort."""

    FIRST_EVER = "first_ever"
    """The user's first of all time, when it lies in the range."""
    FIRST_IN_RANGE = "first_in_range"
    RECURRING = "recurring"
    """The first in each period that has one: a user may belong to several cohorts."""


class RetentionMode(Enum):
    """When a user counts in the k-th column."""

    ON = "on"
    """With a return event in the k-th period."""
    ON_OR_AFTER = "on_or_after"
    """With a return event in the k-th or any later of the asked periods."""


class RetentionQuery(Question, frozen=True, kw_only=True):
    """Cohorts are the periods that the range touches; `periods` (1..366) columns follow column 0.

    Start events lie in the range, return events may lie past it.

    Raises:
        InvalidQueryError: A bound is not kept.
    """

    period: Interval = Interval.WEEK
    periods: int = 8
    start: EventSelector = EventSelector()
    returning: EventSelector = msgspec.field(default=EventSelector(), name="return")
    kind: RetentionKind = RetentionKind.FIRST_IN_RANGE
    mode: RetentionMode = RetentionMode.ON

    def __post_init__(self) -> None:
        faults = self.faults() + self.start.faults("start") + self.returning.faults("return")
        if not 0 <= self.periods <= MAX_PERIODS:
            message = f"must be from 0 to {MAX_PERIODS}"
            faults.append(Fault("periods", "out_of_range", message))
        if faults:
            raise InvalidQueryError(faults)

    def returns_with_start(self) -> bool:
        """Tell whether start and return are the same definition: the start is then a return."""
        return self.start.means_same_as(self.returning)

    def cohort_count(self) -> int:
        """Return how many periods the range touches.

        Raises:
            InvalidQueryError: There are more than 10,000, or more than 250,000 cells.
        """
        count = len(self.calendar.buckets(self.period, self.within()))
        if count * (self.periods + 1) > MAX_CELLS:
            message = f"the answer would have more than {MAX_CELLS} cells"
            raise InvalidQueryError.of("periods", "too_many_cells", message)
        return count

    def buckets(self) -> Sequence[Bucket]:
        """Return the periods of the cohorts, and those that the last cohort's columns need.

        Raises:
            InvalidQueryError: There are too many, or they reach beyond the calendar.
        """
        count = self.cohort_count()
        if not count:
            return ()
        wanted = min(count + self.periods, MAX_BUCKETS + MAX_PERIODS)
        endless = self.calendar.buckets_from(self.period, self.within().since)
        try:
            return tuple(islice(endless, wanted))
        except OverflowError:
            message = "the last period lies beyond the calendar"
            raise InvalidQueryError.of("periods", "date_out_of_range", message) from None


class RetentionCell(msgspec.Struct, frozen=True):
    """A cohort (its index), and a column of it; without a column the whole cohort."""

    cohort: int
    column: int | None = None

    def check(self, query: RetentionQuery, now: datetime) -> None:
        """Refuse a cell that the answer to *query* at *now* does not have.

        Raises:
            InvalidQueryError: It is out of bounds, or its period is not over.
        """
        if not 0 <= self.cohort < query.cohort_count():
            raise _unknown_cell("cohort", "the answer has no such cohort")
        if self.column is None:
            return
        if not 0 <= self.column <= query.periods:
            raise _unknown_cell("column", "the answer has no such column")
        if not query.buckets()[self.cohort + self.column].is_over(now):
            raise _unknown_cell("column", "this period is not over")


def _unknown_cell(part: str, message: str) -> InvalidInputError:
    return InvalidQueryError.of(f"cell.{part}", "unknown_cell", message)
