"""Retention: of the users who start in one period, how many return in each later one."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_retention import CountRetention, ListRetentionUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.retention import (
    RetentionBody,
    RetentionUsersBody,
    ReturnsOut,
)
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="queryRetention",
    tag="Queries",
    summary="Who comes back, cohort by cohort",
    description=(
        "A cohort is the users whose start event falls in a period that the range touches; "
        "`returned[k]` is how many of them return in the k-th period after it (`on`), or in that "
        "or any later column (`on_or_after`); null where that period is not over. `first_ever` "
        "starts with the first such event of all time, `first_in_range` with the first of the "
        "range, `recurring` anew in every period. `average` pools the cohorts whose column is "
        "over."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(RetentionBody, {"example": EXAMPLES["retention"].request}),
    answers={200: Answer("The answer.", ReturnsOut, EXAMPLES["retention"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listRetentionUsers",
    tag="Queries",
    summary="The users behind a number of retention",
    description=("Who belongs to a cohort, or returns in one of its columns."),
    parameters=queries.PROJECT_ONLY,
    body=Body(RetentionUsersBody, {"example": EXAMPLES["retention/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["retention/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/retention",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_retention: NamedDependency[CountRetention],
    now: NamedDependency[datetime],
) -> ReturnsOut:
    """Answer the question."""
    count = partial(count_retention, project)
    return await answer(request, RetentionBody, count, ReturnsOut.of, now)


@post(
    "/api/v1/query/retention/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_retention_users: NamedDependency[ListRetentionUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, RetentionUsersBody, project, list_retention_users)


ROUTES = (query, users)
