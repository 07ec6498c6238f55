"""Sign in, and see who one is."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency

from eventanalytics.domain.access import MAX_PASSWORD_LENGTH
from eventanalytics.domain.json_values import text_faults
from eventanalytics.errors import InvalidInputError
from eventanalytics.usecases.sign_in import SignIn
from eventanalytics_adapters.http import examples
from eventanalytics_adapters.http.bodies import read_json
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.schemas import (
    MAX_USERNAME_LENGTH,
    AccountOut,
    LoginIn,
    SignedInOut,
)
from eventanalytics_adapters.http.security import Openness

_MAX_BODY_BYTES = 4 * 1024 * 1024  # enough to answer by name what is too long

LOGIN = Operation(
    access=Openness.PUBLIC,
    name="login",
    tag="Authentication",
    summary="Sign in",
    description=(
        "Exchanges a username and a password for an access token, to be sent as "
        "`Authorization: Bearer <token>` until it expires. Whether the name or the password was "
        "wrong is not told."
    ),
    body=Body(LoginIn, {"a person": examples.LOGIN}),
    answers={200: Answer("The token, and whose it is.", SignedInOut, examples.SIGNED_IN)},
    problems=("invalid_credentials", "invalid_input", "store_unavailable"),
)
ME = Operation(
    access=Openness.SIGNED_IN,
    name="getMe",
    tag="Authentication",
    summary="Who am I",
    description="The account that the access token belongs to, as it is now. Not for keys.",
    answers={200: Answer("The account.", AccountOut, examples.ACCOUNT)},
)


@post(
    "/api/v1/auth/login",
    status_code=200,
    opt={"operation": LOGIN},
    request_max_body_size=_MAX_BODY_BYTES,
)
async def login(request: Request[Any, Any, Any], sign_in: NamedDependency[SignIn]) -> SignedInOut:
    """Sign in."""
    given = _checked(await read_json(request, LoginIn))
    return SignedInOut.from_domain(await sign_in(given.username, given.password))


@get("/api/v1/auth/me", opt={"operation": ME})
async def me(request: Request[Any, Any, Any]) -> AccountOut:
    """Return the account of the caller."""
    return AccountOut.from_domain(request.auth.who)


def _checked(given: LoginIn) -> LoginIn:
    faults = text_faults(given.username, "username", longest=MAX_USERNAME_LENGTH)
    faults += text_faults(given.password, "password", longest=MAX_PASSWORD_LENGTH)
    if faults:
        raise InvalidInputError(faults)
    return given


ROUTES = (login, me)
