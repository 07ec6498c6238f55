"""Trends as they are asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from eventanalytics.domain.breakdowns import ALL, Breakdown
from eventanalytics.domain.formulas import MAX_LENGTH
from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.time import Interval
from eventanalytics.domain.trends import Trends
from eventanalytics.domain.trends_query import (
    MAX_SERIES,
    Measure,
    TrendsCell,
    TrendsQuery,
    TrendsSeries,
)
from eventanalytics_adapters.http.wire.answers import AnswerBody, Circumstances
from eventanalytics_adapters.http.wire.parts import Parts, group
from eventanalytics_adapters.http.wire.questions import (
    BreakdownBody,
    GroupBody,
    QuestionBody,
    SelectorBody,
    common_of,
    where_of,
)
from eventanalytics_adapters.http.wire.users import CURSOR, LIMIT


class SeriesBody(SelectorBody, forbid_unknown_fields=True, kw_only=True):
    """The events of a series, and what is measured of them."""

    measure: Measure = Measure.EVENTS
    property: Annotated[
        str | None,
        Meta(description="Whose numbers are measured, for the measures of numbers alone."),
    ] = None


class TrendsBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """Series of measures, bucket by bucket. They are called A, B, C and so on."""

    interval: Interval = Interval.DAY
    series: Annotated[
        list[SeriesBody], Meta(extra_json_schema={"minItems": 1, "maxItems": MAX_SERIES})
    ]
    formula: Annotated[
        str | None,
        Meta(
            description="Computed bucket by bucket of the series' letters: `A / B * 100`.",
            extra_json_schema={"maxLength": MAX_LENGTH},
        ),
    ] = None
    breakdown: BreakdownBody | None = None
    compare: Annotated[
        bool, Meta(description="Whether to answer for the range just before too.")
    ] = False

    @classmethod
    def of(cls, query: TrendsQuery) -> "TrendsBody":
        """Return *query* as it is sent."""
        return cls(
            **common_of(query),
            interval=query.interval,
            series=[
                SeriesBody(
                    event=series.event,
                    where=where_of(series.where),
                    measure=series.measure,
                    property=series.property,
                )
                for series in query.series
            ],
            formula=query.formula,
            breakdown=None if query.breakdown is None else BreakdownBody.of(query.breakdown),
            compare=query.compare,
        )

    def to_domain(self) -> TrendsQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common, wanted = parts.common(self), self.breakdown
        series = tuple(
            TrendsSeries(
                event=body.event,
                where=parts.conditions(body.where, f"series[{index}].where"),
                measure=body.measure,
                property=body.property,
            )
            for index, body in enumerate(self.series)
        )
        breakdown = (
            None if wanted is None else parts.part(lambda: Breakdown(wanted.property, wanted.limit))
        )
        return parts.whole(
            lambda: TrendsQuery(
                **common,
                interval=self.interval,
                series=series,
                formula=self.formula,
                breakdown=breakdown,
                compare=self.compare,
            )
        )


class TrendsCellBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A value of a series that counts users, or events (then: of whom)."""

    series: Annotated[str, Meta(description="The letter of the series.")]
    bucket: Annotated[
        int | None, Meta(description="The index of the bucket, from 0; null means the total.")
    ] = None
    group: GroupBody = msgspec.field(default_factory=lambda: GroupBody.of(ALL))


class TrendsUsersBody(TrendsBody, forbid_unknown_fields=True, kw_only=True):
    """A trends question, and a cell of its answer."""

    cell: TrendsCellBody
    limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "limit", self.limit

    def to_cell(self) -> TrendsCell:
        cell = self.cell
        return TrendsCell(cell.series, cell.bucket, group(cell.group, "cell.group"))


class SeriesOut(msgspec.Struct):
    """The values of a series in one group, one a bucket, and that of the whole range."""

    label: str
    """The letter of the series, or `formula`."""
    group: GroupBody
    values: Sequence[float | None]
    total: float | None
    """Null for weekly and monthly active users."""


class TrendsPart(msgspec.Struct):
    """The answer for one range."""

    buckets: Sequence[BucketOut]
    series: Sequence[SeriesOut]


class TrendsOut(AnswerBody, kw_only=True):
    """The buckets of the range, and the series group by group, the formula's last."""

    query: TrendsBody
    buckets: Sequence[BucketOut]
    series: Sequence[SeriesOut]
    previous: TrendsPart | UnsetType = UNSET
    """The answer for the range just before; only where `compare` asks for it."""

    @classmethod
    def of(cls, query: TrendsQuery, answer: Trends, when: Circumstances) -> "TrendsOut":
        """Return *answer* as it is sent."""
        previous = answer.previous
        return cls(
            **when,
            query=TrendsBody.of(query),
            buckets=answer.buckets,
            series=_series(answer),
            previous=UNSET if previous is None else TrendsPart(previous.buckets, _series(previous)),
        )


def _series(answer: Trends) -> Sequence[SeriesOut]:
    return [
        SeriesOut(one.label, GroupBody.of(one.group), one.values, one.total)
        for one in answer.series
    ]
