"""Trends: what happens how often, to how many, bucket by bucket."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_trends import CountTrends, ListTrendsUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.trends import TrendsBody, TrendsOut, TrendsUsersBody
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="queryTrends",
    tag="Queries",
    summary="What happens, bucket by bucket",
    description=(
        "Up to 26 series, each the events of a type (or any) with conditions, and what is "
        "measured of them: `events` and `users` (distinct), `weekly_active_users` and "
        "`monthly_active_users` (of the 7 or 30 local days that end with the bucket), "
        "`events_per_user`, and the sum, average, extremes and percentiles of a property's "
        "numbers. `formula` computes with the series' letters. With `breakdown` each series is "
        "told group by group: the biggest groups of the range, `none` where the property is "
        "missing, `other` for all the rest. The total of `users` is the distinct users of the "
        "range."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(TrendsBody, {"example": EXAMPLES["trends"].request}),
    answers={200: Answer("The answer.", TrendsOut, EXAMPLES["trends"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listTrendsUsers",
    tag="Queries",
    summary="The users behind a number of a trend",
    description=(
        "Who is counted in one bucket of one series, or in its total; of a series of events, who "
        "did them. Series that are no counts have no users."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(TrendsUsersBody, {"example": EXAMPLES["trends/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["trends/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/trends",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_trends: NamedDependency[CountTrends],
    now: NamedDependency[datetime],
) -> TrendsOut:
    """Answer the question."""
    count = partial(count_trends, project)
    return await answer(request, TrendsBody, count, TrendsOut.of, now)


@post(
    "/api/v1/query/trends/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_trends_users: NamedDependency[ListTrendsUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, TrendsUsersBody, project, list_trends_users)


ROUTES = (query, users)
