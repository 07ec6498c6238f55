"""Sessions as they are asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.sessions import (
    MAX_GAP_SECONDS,
    SessionFigures,
    SessionsCell,
    SessionsQuery,
    SessionsResult,
)
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.http.wire.answers import AnswerBody, Circumstances
from eventanalytics_adapters.http.wire.parts import Parts
from eventanalytics_adapters.http.wire.questions import QuestionBody, common_of
from eventanalytics_adapters.http.wire.users import CURSOR, LIMIT


class SessionsBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """The sessions of a range, by the bucket of their first event."""

    interval: Interval = Interval.DAY
    gap_seconds: Annotated[
        int,
        Meta(
            description="The longest time between two events of one session.",
            extra_json_schema={"minimum": 1, "maximum": MAX_GAP_SECONDS},
        ),
    ] = 1800

    @classmethod
    def of(cls, query: SessionsQuery) -> "SessionsBody":
        """Return *query* as it is sent."""
        return cls(**common_of(query), interval=query.interval, gap_seconds=query.gap_seconds)

    def to_domain(self) -> SessionsQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common = parts.common(self)
        return parts.whole(
            lambda: SessionsQuery(**common, interval=self.interval, gap_seconds=self.gap_seconds)
        )


class SessionsCellBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Sessions of a bucket, or of the whole range."""

    bucket: Annotated[
        int | None, Meta(description="The index of the bucket, from 0; null means the range.")
    ] = None
    bounces: Annotated[bool, Meta(description="Only the sessions with one event.")] = False


class SessionsUsersBody(SessionsBody, forbid_unknown_fields=True, kw_only=True):
    """A question for sessions, and a cell of its answer."""

    cell: SessionsCellBody
    limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "limit", self.limit

    def to_cell(self) -> SessionsCell:
        return SessionsCell(self.cell.bucket, self.cell.bounces)


class SessionsOut(AnswerBody, kw_only=True):
    """The buckets of the range, the figures of each in the same order, and those of the range."""

    query: SessionsBody
    buckets: Sequence[BucketOut]
    figures: Sequence[SessionFigures]
    total: SessionFigures

    @classmethod
    def of(cls, query: SessionsQuery, answer: SessionsResult, when: Circumstances) -> "SessionsOut":
        """Return *answer* as it is sent."""
        return cls(
            **when,
            query=SessionsBody.of(query),
            buckets=answer.buckets,
            figures=answer.figures,
            total=answer.total,
        )
