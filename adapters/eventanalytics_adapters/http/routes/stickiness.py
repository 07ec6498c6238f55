"""Stickiness: in how many buckets of the range users are active."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_stickiness import CountStickiness, ListStickinessUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.stickiness import (
    StickinessBody,
    StickinessOut,
    StickinessUsersBody,
)
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="queryStickiness",
    tag="Queries",
    summary="In how many buckets users are active",
    description=(
        "How many users have such an event in exactly one, two, three and so on of the buckets of "
        "the range, and in at least so many; the first entry is that of one bucket."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(StickinessBody, {"example": EXAMPLES["stickiness"].request}),
    answers={200: Answer("The answer.", StickinessOut, EXAMPLES["stickiness"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listStickinessUsers",
    tag="Queries",
    summary="The users behind a number of stickiness",
    description=("Who is active in exactly, or in at least, so many buckets."),
    parameters=queries.PROJECT_ONLY,
    body=Body(StickinessUsersBody, {"example": EXAMPLES["stickiness/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["stickiness/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/stickiness",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_stickiness: NamedDependency[CountStickiness],
    now: NamedDependency[datetime],
) -> StickinessOut:
    """Answer the question."""
    count = partial(count_stickiness, project)
    return await answer(request, StickinessBody, count, StickinessOut.of, now)


@post(
    "/api/v1/query/stickiness/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_stickiness_users: NamedDependency[ListStickinessUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, StickinessUsersBody, project, list_stickiness_users)


ROUTES = (query, users)
