"""Stickiness as it is asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from eventanalytics.domain.stickiness import (
    Stickiness,
    StickinessCell,
    StickinessCount,
    StickinessQuery,
)
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.http.wire.answers import AnswerBody, Circumstances
from eventanalytics_adapters.http.wire.parts import Parts
from eventanalytics_adapters.http.wire.questions import QuestionBody, common_of
from eventanalytics_adapters.http.wire.users import CURSOR, LIMIT


class StickinessBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """The buckets to count, and the event that makes a user active."""

    interval: Interval = Interval.DAY
    event: Annotated[str | None, Meta(description="The event type; null means any.")] = None

    @classmethod
    def of(cls, query: StickinessQuery) -> "StickinessBody":
        """Return *query* as it is sent."""
        return cls(**common_of(query), interval=query.interval, event=query.event)

    def to_domain(self) -> StickinessQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common = parts.common(self)
        return parts.whole(
            lambda: StickinessQuery(**common, interval=self.interval, event=self.event)
        )


class StickinessCellBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Those who are active in so many buckets."""

    buckets: Annotated[int, Meta(extra_json_schema={"minimum": 1})]
    count: StickinessCount = StickinessCount.EXACTLY


class StickinessUsersBody(StickinessBody, forbid_unknown_fields=True, kw_only=True):
    """A question for stickiness, and a cell of its answer."""

    cell: StickinessCellBody
    limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "limit", self.limit

    def to_cell(self) -> StickinessCell:
        return StickinessCell(self.cell.buckets, self.cell.count)


class StickinessOut(AnswerBody, kw_only=True):
    """How many users are active in exactly, and in at least, so many buckets of the range."""

    query: StickinessBody
    exactly: Sequence[int]
    """The first entry is that of one bucket."""
    at_least: Sequence[int]

    @classmethod
    def of(cls, query: StickinessQuery, answer: Stickiness, when: Circumstances) -> "StickinessOut":
        """Return *answer* as it is sent."""
        return cls(
            **when,
            query=StickinessBody.of(query),
            exactly=answer.exactly,
            at_least=answer.at_least,
        )
