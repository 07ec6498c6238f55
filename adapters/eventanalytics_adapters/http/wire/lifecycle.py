"""The lifecycle as it is asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from eventanalytics.domain.lifecycle import (
    Lifecycle,
    LifecycleCell,
    LifecycleClass,
    LifecycleQuery,
)
from eventanalytics.domain.selection import BucketOut
from eventanalytics.domain.time import Interval
from eventanalytics_adapters.http.wire.answers import AnswerBody, Circumstances
from eventanalytics_adapters.http.wire.parts import Parts
from eventanalytics_adapters.http.wire.questions import QuestionBody, common_of
from eventanalytics_adapters.http.wire.users import CURSOR, LIMIT


class LifecycleBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """The buckets to look at, and the event that makes a user active."""

    interval: Interval = Interval.DAY
    event: Annotated[str | None, Meta(description="The event type; null means any.")] = None

    @classmethod
    def of(cls, query: LifecycleQuery) -> "LifecycleBody":
        """Return *query* as it is sent."""
        return cls(**common_of(query), interval=query.interval, event=query.event)

    def to_domain(self) -> LifecycleQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common = parts.common(self)
        return parts.whole(
            lambda: LifecycleQuery(**common, interval=self.interval, event=self.event)
        )


class LifecycleCellBody(
    msgspec.Struct, forbid_unknown_fields=True, kw_only=True, rename={"lifecycle": "class"}
):
    """A class of users in a bucket."""

    lifecycle: LifecycleClass
    bucket: Annotated[int, Meta(description="The index of the bucket, from 0.")]


class LifecycleUsersBody(LifecycleBody, forbid_unknown_fields=True, kw_only=True):
    """A question for the lifecycle, and a cell of its answer."""

    cell: LifecycleCellBody
    limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "limit", self.limit

    def to_cell(self) -> LifecycleCell:
        return LifecycleCell(self.cell.lifecycle, self.cell.bucket)


class LifecycleOut(AnswerBody, kw_only=True):
    """The buckets, and for each class the users of each bucket."""

    query: LifecycleBody
    buckets: Sequence[BucketOut]
    new: Sequence[int]
    returning: Sequence[int]
    resurrecting: Sequence[int]
    dormant: Sequence[int]

    @classmethod
    def of(cls, query: LifecycleQuery, answer: Lifecycle, when: Circumstances) -> "LifecycleOut":
        """Return *answer* as it is sent."""
        return cls(
            **when,
            query=LifecycleBody.of(query),
            buckets=answer.buckets,
            new=answer.new,
            returning=answer.returning,
            resurrecting=answer.resurrecting,
            dormant=answer.dormant,
        )
