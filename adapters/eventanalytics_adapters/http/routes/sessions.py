"""Sessions: runs of a user's events without a long gap."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.count_sessions import CountSessions, ListSessionsUsers
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.wire.answers import answer
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.sessions import SessionsBody, SessionsOut, SessionsUsersBody
from eventanalytics_adapters.http.wire.shapes import MAX_BODY_BYTES
from eventanalytics_adapters.http.wire.users import UsersOut, users_page

QUERY = Operation(
    access=Permission.READ,
    name="querySessions",
    tag="Queries",
    summary="Sessions, bucket by bucket",
    description=(
        "A session is a run of a user's events in the range with gaps of at most `gap_seconds`, "
        "cut 24 hours after its start. It belongs to the bucket of its first event. Lengths are "
        "in seconds; a bounce is a session with one event."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(SessionsBody, {"example": EXAMPLES["sessions"].request}),
    answers={200: Answer("The answer.", SessionsOut, EXAMPLES["sessions"].answer)},
    problems=("invalid_query",),
)
USERS = Operation(
    access=Permission.READ,
    name="listSessionsUsers",
    tag="Queries",
    summary="The users behind a number of sessions",
    description=("Who has a session in a bucket or in the range."),
    parameters=queries.PROJECT_ONLY,
    body=Body(SessionsUsersBody, {"example": EXAMPLES["sessions/users"].request}),
    answers={200: Answer("One page of users.", UsersOut, EXAMPLES["sessions/users"].answer)},
    problems=("invalid_query",),
)


@post(
    "/api/v1/query/sessions",
    status_code=200,
    opt={"operation": QUERY},
    request_max_body_size=MAX_BODY_BYTES,
)
async def query(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    count_sessions: NamedDependency[CountSessions],
    now: NamedDependency[datetime],
) -> SessionsOut:
    """Answer the question."""
    count = partial(count_sessions, project)
    return await answer(request, SessionsBody, count, SessionsOut.of, now)


@post(
    "/api/v1/query/sessions/users",
    status_code=200,
    opt={"operation": USERS},
    request_max_body_size=MAX_BODY_BYTES,
)
async def users(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    list_sessions_users: NamedDependency[ListSessionsUsers],
) -> UsersOut:
    """List the users of a cell of the answer."""
    return await users_page(request, SessionsUsersBody, project, list_sessions_users)


ROUTES = (query, users)
