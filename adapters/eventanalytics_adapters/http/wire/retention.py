"""Retention as it is asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from eventanalytics.domain.retention import Retention, RetentionCohort
from eventanalytics.domain.retention_query import (
    MAX_PERIODS,
    RetentionCell,
    RetentionKind,
    RetentionMode,
    RetentionQuery,
)
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.http.wire.answers import AnswerBody, Circumstances
from eventanalytics_adapters.http.wire.parts import Parts
from eventanalytics_adapters.http.wire.questions import QuestionBody, SelectorBody, common_of
from eventanalytics_adapters.http.wire.users import CURSOR, LIMIT


class RetentionBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """Who starts in a period, and returns in a later one. The range is that of the starts."""

    period: Interval = Interval.WEEK
    periods: Annotated[
        int,
        Meta(
            description="How many columns follow column 0.",
            extra_json_schema={"minimum": 0, "maximum": MAX_PERIODS},
        ),
    ] = 8
    start: SelectorBody = msgspec.field(default_factory=SelectorBody)
    returning: SelectorBody = msgspec.field(default_factory=SelectorBody, name="return")
    kind: RetentionKind = RetentionKind.FIRST_IN_RANGE
    mode: RetentionMode = RetentionMode.ON

    @classmethod
    def of(cls, query: RetentionQuery) -> "RetentionBody":
        """Return *query* as it is sent."""
        return cls(
            **common_of(query),
            period=query.period,
            periods=query.periods,
            start=SelectorBody.of(query.start),
            returning=SelectorBody.of(query.returning),
            kind=query.kind,
            mode=query.mode,
        )

    def to_domain(self) -> RetentionQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common = parts.common(self)
        start, returning = (
            parts.selector(self.start, "start"),
            parts.selector(self.returning, "return"),
        )
        return parts.whole(
            lambda: RetentionQuery(
                **common,
                period=self.period,
                periods=self.periods,
                start=start,
                returning=returning,
                kind=self.kind,
                mode=self.mode,
            )
        )


class RetentionCellBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A cohort, or those of it who return in a column."""

    cohort: Annotated[int, Meta(description="The index of the cohort, from 0.")]
    column: Annotated[
        int | None, Meta(description="The column, from 0; null means the whole cohort.")
    ] = None


class RetentionUsersBody(RetentionBody, forbid_unknown_fields=True, kw_only=True):
    """A question for retention, and a cell of its answer."""

    cell: RetentionCellBody
    limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "limit", self.limit

    def to_cell(self) -> RetentionCell:
        return RetentionCell(self.cell.cohort, self.cell.column)


class ReturnsOut(AnswerBody, kw_only=True):
    """One cohort a period, and for each column the share that returns on average."""

    query: RetentionBody
    cohorts: Sequence[RetentionCohort]
    average: Sequence[float | None]
    """Those who return by those who may, over the cohorts whose column is over."""

    @classmethod
    def of(cls, query: RetentionQuery, answer: Retention, when: Circumstances) -> "ReturnsOut":
        """Return *answer* as it is sent."""
        return cls(
            **when,
            query=RetentionBody.of(query),
            cohorts=answer.cohorts,
            average=answer.average,
        )
