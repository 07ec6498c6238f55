"""The users behind a cell, page by page."""

import base64
import binascii
from collections.abc import Awaitable, Sequence
from typing import Annotated, Any, Protocol, TypeAlias, TypeVar

import msgspec
from litestar import Request
from msgspec import Meta

from eventanalytics.domain.events import MAX_TEXT_LENGTH, ProjectId
from eventanalytics.domain.json_values import text_faults
from eventanalytics.domain.selection import UserPage
from eventanalytics.errors import InvalidQueryError
from eventanalytics_adapters.http.bodies import json_body
from eventanalytics_adapters.http.wire.parts import in_names_of_bodies
from eventanalytics_adapters.http.wire.shapes import read_body

MAX_LIMIT = 1000

LIMIT: TypeAlias = Annotated[
    int,
    Meta(
        description="How many users at most.",
        extra_json_schema={"minimum": 1, "maximum": MAX_LIMIT},
    ),
]
CURSOR: TypeAlias = Annotated[
    str | None, Meta(description="The `next_cursor` of the page before; null for the first.")
]

Q_co = TypeVar("Q_co", covariant=True)
C_co = TypeVar("C_co", covariant=True)
Q = TypeVar("Q")
C = TypeVar("C")
Q_contra = TypeVar("Q_contra", contravariant=True)
C_contra = TypeVar("C_contra", contravariant=True)


class UsersOut(msgspec.Struct):
    """Some users of a cell, in the order of their code points."""

    users: Sequence[str]
    count: int
    """How many users the cell has in all."""
    next_cursor: str | None
    """Where the next page begins; null when this is the last."""


class AskingForUsers(Protocol[Q_co, C_co]):
    """The body of a question for the users of a cell."""

    cursor: str | None

    def to_domain(self) -> Q_co:
        """Return the question."""
        ...

    def to_cell(self) -> C_co:
        """Return the cell."""
        ...

    @property
    def page_size(self) -> tuple[str, int]:
        """How many users are wanted at most, and the name of the field that says so."""
        ...


class ListUsers(Protocol[Q_contra, C_contra]):
    """The use case that lists the users of a cell."""

    def __call__(
        self,
        project: ProjectId,
        query: Q_contra,
        cell: C_contra,
        *,
        after: str | None,
        limit: int,
    ) -> Awaitable[UserPage]:
        """Return at most *limit* users that follow *after*."""
        ...


async def users_page(
    request: Request[Any, Any, Any],
    body: type[AskingForUsers[Q, C]],
    project: ProjectId,
    list_users: ListUsers[Q, C],
) -> UsersOut:
    """Answer the question for users in the body of *request*.

    Raises:
        InvalidQueryError: The body is no such question, or the answer has no such cell.
    """
    asked = read_body(await json_body(request), body)
    query = asked.to_domain()
    with in_names_of_bodies():
        cell, (name, limit) = asked.to_cell(), asked.page_size
        if not 1 <= limit <= MAX_LIMIT:
            raise InvalidQueryError.of(name, "out_of_range", f"must be from 1 to {MAX_LIMIT}")
        after = None if asked.cursor is None else decode_cursor(asked.cursor)
        # One more than is asked for tells whether there is a next page.
        found = await list_users(project, query, cell, after=after, limit=limit + 1)
    users = found.users[:limit]
    more = len(found.users) > limit
    return UsersOut(users, found.count, encode_cursor(users[-1]) if more else None)


def encode_cursor(user_id: str) -> str:
    """Return what says that a page begins after *user_id*."""
    return base64.urlsafe_b64encode(user_id.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Return the user that `encode_cursor` made *cursor* of.

    Raises:
        InvalidQueryError: It made no such cursor.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        user_id = text.decode()
    except (ValueError, binascii.Error):
        user_id = ""
    if text_faults(user_id, "", longest=MAX_TEXT_LENGTH) or encode_cursor(user_id) != cursor:
        raise InvalidQueryError.of("cursor", "invalid_cursor", "is not a cursor of this server")
    return user_id
