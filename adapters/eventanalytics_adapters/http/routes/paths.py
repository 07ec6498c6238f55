"""Paths: what users do one after another within a session."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_paths import CountPaths, ListPathsUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.paths import PathsBody, PathsOut, PathsUsersBody
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="queryPaths",
    tag="Queries",
    summary="What users do one after another",
    description=(
        "For each session the sequence of its event types (or of the values of the property "
        "`by`), `max_steps` of them: from the session's beginning or the first event of `start`, "
        "or those before the first event of `end`. Edges count the sessions that go from one node "
        "to the next, drop-offs those that go no further. The `limit` biggest of each step are "
        "told apart, the rest is `other`."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(PathsBody, {"example": EXAMPLES["paths"].request}),
    answers={200: Answer("The answer.", PathsOut, EXAMPLES["paths"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listPathsUsers",
    tag="Queries",
    summary="The users behind a number of paths",
    description=(
        "Who has a session with this edge or drop-off. Because `limit` is that of the paths, the "
        "number of users wanted is `users_limit`."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(PathsUsersBody, {"example": EXAMPLES["paths/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["paths/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/paths",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_paths: NamedDependency[CountPaths],
    now: NamedDependency[datetime],
) -> PathsOut:
    """Answer the question."""
    count = partial(count_paths, project)
    return await answer(request, PathsBody, count, PathsOut.of, now)


@post(
    "/api/v1/query/paths/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_paths_users: NamedDependency[ListPathsUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, PathsUsersBody, project, list_paths_users)


ROUTES = (query, users)
