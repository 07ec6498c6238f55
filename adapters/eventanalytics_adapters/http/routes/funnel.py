"""Funnels: how far users get through some steps."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_funnel import CountFunnel, ListFunnelUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.funnel import FunnelBody, FunnelOut, FunnelUsersBody
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="queryFunnel",
    tag="Queries",
    summary="How far users get",
    description=(
        "How many users take each of 2 to 20 steps within `window_seconds` of the first, which "
        "lies in the range. `ordered`: each step after the one before; `strict`: nothing else in "
        "between; `unordered`: in any order. An event of `exclusions` between two steps ends the "
        "attempt. A user counts by their furthest attempt. Rates and seconds are null where "
        "nobody reached the step before."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(FunnelBody, {"example": EXAMPLES["funnel"].request}),
    answers={200: Answer("The answer.", FunnelOut, EXAMPLES["funnel"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listFunnelUsers",
    tag="Queries",
    summary="The users behind a number of a funnel",
    description=("Who reached a step, who dropped before it, or whose attempt is still open."),
    parameters=queries.PROJECT_ONLY,
    body=Body(FunnelUsersBody, {"example": EXAMPLES["funnel/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["funnel/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/funnel",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_funnel: NamedDependency[CountFunnel],
    now: NamedDependency[datetime],
) -> FunnelOut:
    """Answer the question."""
    count = partial(count_funnel, project)
    return await answer(request, FunnelBody, count, FunnelOut.of, now)


@post(
    "/api/v1/query/funnel/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_funnel_users: NamedDependency[ListFunnelUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, FunnelUsersBody, project, list_funnel_users)


ROUTES = (query, users)
