"""Paths as they are asked and answered."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from eventanalytics.domain.paths import (
    MAX_EDGES,
    MAX_STEPS,
    PathsCell,
    PathsQuery,
    PathsResult,
)
from eventanalytics.domain.sessions import MAX_GAP_SECONDS
from eventanalytics_adapters.http.wire.answers import AnswerBody, Circumstances
from eventanalytics_adapters.http.wire.parts import Parts, group
from eventanalytics_adapters.http.wire.questions import (
    GroupBody,
    QuestionBody,
    SelectorBody,
    common_of,
)
from eventanalytics_adapters.http.wire.users import CURSOR, LIMIT


class PathsBody(QuestionBody, forbid_unknown_fields=True, kw_only=True):
    """The paths through the sessions of a range."""

    start: Annotated[
        SelectorBody | None, Meta(description="A path begins at the first such event.")
    ] = None
    end: Annotated[
        SelectorBody | None,
        Meta(description="A path ends at the first such event (after that of `start`)."),
    ] = None
    max_steps: Annotated[int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_STEPS})] = 5
    limit: Annotated[
        int,
        Meta(
            description="How many edges, and how many drop-offs, of each step are told apart.",
            extra_json_schema={"minimum": 1, "maximum": MAX_EDGES},
        ),
    ] = 50
    by: Annotated[
        str,
        Meta(
            description="The property whose values are the nodes.",
            extra_json_schema={"minLength": 1},
        ),
    ] = "$event_type"
    collapse_repeats: Annotated[bool, Meta(description="Whether equal nodes in a row are one.")] = (
        False
    )
    gap_seconds: Annotated[
        int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_GAP_SECONDS})
    ] = 1800

    @classmethod
    def of(cls, query: PathsQuery) -> "PathsBody":
        """Return *query* as it is sent."""
        return cls(
            **common_of(query),
            start=None if query.start is None else SelectorBody.of(query.start),
            end=None if query.end is None else SelectorBody.of(query.end),
            max_steps=query.max_steps,
            limit=query.limit,
            by=query.by,
            collapse_repeats=query.collapse_repeats,
            gap_seconds=query.gap_seconds,
        )

    def to_domain(self) -> PathsQuery:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        parts = Parts()
        common = parts.common(self)
        start = None if self.start is None else parts.selector(self.start, "start")
        end = None if self.end is None else parts.selector(self.end, "end")
        return parts.whole(
            lambda: PathsQuery(
                **common,
                start=start,
                end=end,
                max_steps=self.max_steps,
                limit=self.limit,
                by=self.by,
                collapse_repeats=self.collapse_repeats,
                gap_seconds=self.gap_seconds,
            )
        )


class PathsCellBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An edge; without a target, a drop-off."""

    step: Annotated[int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_STEPS + 1})]
    source: GroupBody
    target: GroupBody | None = None


class PathsUsersBody(PathsBody, forbid_unknown_fields=True, kw_only=True):
    """A question for paths, and a cell of its answer.

    Its `limit` is that of the paths; how many users are wanted is `users_limit`.
    """

    cell: PathsCellBody
    users_limit: LIMIT = 100
    cursor: CURSOR = None

    @property
    def page_size(self) -> tuple[str, int]:
        return "users_limit", self.users_limit

    def to_cell(self) -> PathsCell:
        cell = self.cell
        return PathsCell(
            cell.step,
            group(cell.source, "cell.source"),
            None if cell.target is None else group(cell.target, "cell.target"),
        )


class EdgeOut(msgspec.Struct):
    """How many sessions go from `source`, their node number `step` (from 1), to `target` next."""

    step: int
    source: GroupBody
    target: GroupBody
    sessions: int


class DropoffOut(msgspec.Struct):
    """How many sessions have `source` as their node number `step`, and nothing after it."""

    step: int
    source: GroupBody
    sessions: int


class PathsOut(AnswerBody, kw_only=True):
    """Edges and drop-offs, step by step, the biggest first and `other` last."""

    query: PathsBody
    edges: Sequence[EdgeOut]
    dropoffs: Sequence[DropoffOut]
    sessions: int
    """How many sessions have a path."""

    @classmethod
    def of(cls, query: PathsQuery, answer: PathsResult, when: Circumstances) -> "PathsOut":
        """Return *answer* as it is sent."""
        return cls(
            **when,
            query=PathsBody.of(query),
            edges=[
                EdgeOut(one.step, GroupBody.of(one.source), GroupBody.of(one.target), one.sessions)
                for one in answer.edges
            ],
            dropoffs=[
                DropoffOut(one.step, GroupBody.of(one.source), one.sessions)
                for one in answer.dropoffs
            ],
            sessions=answer.sessions,
        )
