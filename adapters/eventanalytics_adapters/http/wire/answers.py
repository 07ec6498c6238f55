"""What every answer to a question carries, and how a question becomes its answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypedDict, TypeVar

import msgspec
from litestar import Request

from eventanalytics.domain import SEMANTICS_VERSION
from eventanalytics_adapters.http.bodies import json_body
from eventanalytics_adapters.http.wire.parts import in_names_of_bodies
from eventanalytics_adapters.http.wire.shapes import read_body

Q = TypeVar("Q")
Q_co = TypeVar("Q_co", covariant=True)
Q_contra = TypeVar("Q_contra", contravariant=True)
A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)
O = TypeVar("O")  # noqa: E741 - what goes out


class AnswerBody(msgspec.Struct, kw_only=True):
    """What every answer to a question carries beside the question as it was understood."""

    semantics_version: int
    """The version of the rules that the numbers go by."""
    computed_at: datetime
    """When the answer was computed: what is over by then is complete."""


class Circumstances(TypedDict):
    """The members of an `AnswerBody`."""

    semantics_version: int
    computed_at: datetime


class Asking(Protocol[Q_co]):
    """The body of a question."""

    def to_domain(self) -> Q_co:
        """Return the question.

        Raises:
            InvalidQueryError: It has no meaning.
        """
        ...


class Count(Protocol[Q_contra, A_co]):
    """The use case that answers a question, given its project."""

    def __call__(self, query: Q_contra, *, now: datetime) -> Awaitable[A_co]:
        """Return the answer as of *now*."""
        ...


async def answer(
    request: Request[Any, Any, Any],
    body: type[Asking[Q]],
    count: Count[Q, A],
    out: Callable[[Q, A, Circumstances], O],
    now: datetime,
) -> O:
    """Answer the question in the body of *request*, which came in at *now*.

    Raises:
        InvalidQueryError: The body is no such question, or it has no meaning.
    """
    query = read_body(await json_body(request), body).to_domain()
    with in_names_of_bodies():
        found = await count(query, now=now)
    return out(query, found, {"semantics_version": SEMANTICS_VERSION, "computed_at": now})
