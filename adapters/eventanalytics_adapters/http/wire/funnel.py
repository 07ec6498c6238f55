"""Funnels as they are asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from eventanalytics.domain.breakdowns import ALL
from eventanalytics.domain.funnel import Funnel, FunnelStep
from eventanalytics.domain.funnel_query import (
    MAX_EXCLUSIONS,
    MAX_STEPS,
    MAX_WINDOW_SECONDS,
    MIN_STEPS,
    Attribution,
    Exclusion,
    FunnelBreakdown,
    FunnelCell,
    FunnelOrder,
    FunnelOutcome,
    FunnelQuery,
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


class ExclusionBody(SelectorBody, forbid_unknown_fields=True, kw_only=True):
    """Events that end an attempt which has reached `from_step` and not yet `to_step`."""

    from_step: Annotated[int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_STEPS})] = 1
    to_step: Annotated[int, Meta(extra_json_schema={"minimum": 2, "maximum": MAX_STEPS})] = 2


class FunnelBreakdownBody(BreakdownBody, forbid_unknown_fields=True, kw_only=True):
    """The property to break the funnel down by, and which event of an attempt has the value."""

    attribution: Attribution = Attribution.ENTRY
    step: Annotated[int, Meta(description="The step of the attribution `step`.")] = 1


class FunnelBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """Steps that users take one after another, within a window of time from the first of them."""

    steps: Annotated[
        list[SelectorBody],
        Meta(extra_json_schema={"minItems": MIN_STEPS, "maxItems": MAX_STEPS}),
    ]
    order: FunnelOrder = FunnelOrder.ORDERED
    window_seconds: Annotated[
        int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_WINDOW_SECONDS})
    ] = 604_800
    exclusions: Annotated[
        list[ExclusionBody], Meta(extra_json_schema={"maxItems": MAX_EXCLUSIONS})
    ] = msgspec.field(default_factory=list[ExclusionBody])
    breakdown: FunnelBreakdownBody | None = None

    @classmethod
    def of(cls, query: FunnelQuery) -> "FunnelBody":
        """Return *query* as it is sent."""
        return cls(
            **common_of(query),
            steps=[SelectorBody.of(step) for step in query.steps],
            order=query.order,
            window_seconds=query.window_seconds,
            exclusions=[
                ExclusionBody(
                    event=exclusion.event,
                    where=where_of(exclusion.where),
                    from_step=exclusion.from_step,
                    to_step=exclusion.to_step,
                )
                for exclusion in query.exclusions
            ],
            breakdown=None if query.breakdown is None else _breakdown_body(query.breakdown),
        )

    def to_domain(self) -> FunnelQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common, wanted = parts.common(self), self.breakdown
        steps = tuple(
            parts.selector(body, f"steps[{index}]") for index, body in enumerate(self.steps)
        )
        exclusions = tuple(
            Exclusion(
                event=body.event,
                where=parts.conditions(body.where, f"exclusions[{index}].where"),
                from_step=body.from_step,
                to_step=body.to_step,
            )
            for index, body in enumerate(self.exclusions)
        )
        breakdown = None if wanted is None else parts.part(lambda: _breakdown(wanted))
        return parts.whole(
            lambda: FunnelQuery(
                **common,
                steps=steps,
                order=self.order,
                window_seconds=self.window_seconds,
                exclusions=exclusions,
                breakdown=breakdown,
            )
        )


class FunnelCellBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Those who reached a step, who dropped before it, or whose attempt is still open."""

    step: Annotated[int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_STEPS})] = 1
    outcome: FunnelOutcome = FunnelOutcome.REACHED
    group: GroupBody = msgspec.field(default_factory=lambda: GroupBody.of(ALL))


class FunnelUsersBody(FunnelBody, forbid_unknown_fields=True, kw_only=True):
    """A funnel, and a cell of its answer."""

    cell: FunnelCellBody
    limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "limit", self.limit

    def to_cell(self) -> FunnelCell:
        cell = self.cell
        return FunnelCell(
            step=cell.step, outcome=cell.outcome, group=group(cell.group, "cell.group")
        )


class FunnelGroupOut(msgspec.Struct):
    """The funnel of one group."""

    group: GroupBody
    steps: Sequence[FunnelStep]


class FunnelOut(AnswerBody, kw_only=True):
    """The funnel of all users, and of each group where there is a breakdown."""

    query: FunnelBody
    steps: Sequence[FunnelStep]
    open_attempts: int
    """How many users have not finished, and may still."""
    groups: Sequence[FunnelGroupOut]
    """The biggest at step 1 first; `other` last."""

    @classmethod
    def of(cls, query: FunnelQuery, answer: Funnel, when: Circumstances) -> "FunnelOut":
        """Return *answer* as it is sent."""
        return cls(
            **when,
            query=FunnelBody.of(query),
            steps=answer.steps,
            open_attempts=answer.open_attempts,
            groups=[FunnelGroupOut(GroupBody.of(one.group), one.steps) for one in answer.groups],
        )


def _breakdown(body: FunnelBreakdownBody) -> FunnelBreakdown:
    return FunnelBreakdown(body.property, body.limit, body.attribution, body.step)


def _breakdown_body(breakdown: FunnelBreakdown) -> FunnelBreakdownBody:
    return FunnelBreakdownBody(
        property=breakdown.property,
        limit=breakdown.limit,
        attribution=breakdown.attribution,
        step=breakdown.step,
    )
