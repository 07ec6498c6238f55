"""Lifecycle: who is new, who returns, who wakes up, who sleeps."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_lifecycle import CountLifecycle, ListLifecycleUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.lifecycle import (
    LifecycleBody,
    LifecycleOut,
    LifecycleUsersBody,
)
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="queryLifecycle",
    tag="Queries",
    summary="New, returning, resurrecting, dormant users",
    description=(
        "Of the users with such an event in a bucket: `new`, for whom it is the first of all "
        "time; `returning`, who also had one in the bucket before; `resurrecting`, who had one "
        "earlier only. `dormant` had one in the bucket before and none in this one."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(LifecycleBody, {"example": EXAMPLES["lifecycle"].request}),
    answers={200: Answer("The answer.", LifecycleOut, EXAMPLES["lifecycle"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listLifecycleUsers",
    tag="Queries",
    summary="The users behind a number of the lifecycle",
    description=("Who is new, returning, resurrecting or dormant in a bucket."),
    parameters=queries.PROJECT_ONLY,
    body=Body(LifecycleUsersBody, {"example": EXAMPLES["lifecycle/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["lifecycle/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/lifecycle",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_lifecycle: NamedDependency[CountLifecycle],
    now: NamedDependency[datetime],
) -> LifecycleOut:
    """Answer the question."""
    count = partial(count_lifecycle, project)
    return await answer(request, LifecycleBody, count, LifecycleOut.of, now)


@post(
    "/api/v1/query/lifecycle/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_lifecycle_users: NamedDependency[ListLifecycleUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, LifecycleUsersBody, project, list_lifecycle_users)


ROUTES = (query, users)
