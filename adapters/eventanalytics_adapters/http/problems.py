"""Errors as problem details (RFC 9457), through one table from error types to statuses."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import Scope
from litestar.utils import normalize_path

from eventanalytics.errors import (
    AlreadyExistsError,
    EventAnalyticsError,
    Fault,
    InvalidInputError,
    NotAuthenticatedError,
    PermissionDeniedError,
    QueryTimeoutError,
    StoreUnavailableError,
    UnknownEventError,
    UnknownProjectError,
)
from eventanalytics_adapters.http.envelope import request_id
from eventanalytics_adapters.http.errors import ClientDisconnectedError, UnsupportedMediaTypeError

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1

STATUSES: Mapping[type[Exception], HTTPStatus] = {
    InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAuthenticatedError: HTTPStatus.UNAUTHORIZED,
    PermissionDeniedError: HTTPStatus.FORBIDDEN,
    UnknownProjectError: HTTPStatus.NOT_FOUND,
    UnknownEventError: HTTPStatus.NOT_FOUND,
    AlreadyExistsError: HTTPStatus.CONFLICT,
    UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryTimeoutError: HTTPStatus.GATEWAY_TIMEOUT,
    ClientDisconnectedError: HTTPStatus.BAD_REQUEST,
    NotFoundException: HTTPStatus.NOT_FOUND,
    MethodNotAllowedException: HTTPStatus.METHOD_NOT_ALLOWED,
    RequestEntityTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPException: HTTPStatus.BAD_REQUEST,  # the framework's other complaints about a request
    Exception: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_FRAMEWORK: Mapping[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("bad_request", "the request cannot be understood"),
    HTTPStatus.NOT_FOUND: ("not_found", "there is nothing at this address"),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method_not_allowed",
        "this address does not take this method; the header Allow lists those it takes",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "body_too_large",
        "the body is larger than this server takes; send fewer events at a time",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "internal_error",
        "something went wrong in this server; its log tells more under the request_id",
    ),
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_LOG = logging.getLogger("eventanalytics.http")


class Problem(msgspec.Struct, kw_only=True):
    """Why a request was not done. `code` never changes; programs decide by it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: Sequence[Fault] = ()
    """One entry for each thing that is wrong with the input; may be empty."""
    request_id: str


def members(
    status: int, code: str, detail: str, errors: Sequence[Fault], scope: Scope
) -> dict[str, Any]:
    """Return the members that every problem has."""
    return {
        "type": f"urn:eventanalytics:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": int(status),
        "detail": detail,
        "code": code,
        "errors": errors,
        "request_id": request_id(scope),
    }


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answer any error: those of the table as it says, every other one as status 500.

    Nothing of an unexpected error is shown; the log has it, with its traceback.
    """
    status = _status_of(error)
    code, detail = _describe(error, status)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("unexpected error", exc_info=error)
    elif isinstance(error, QueryTimeoutError):
        _LOG.warning("query given up")
    elif isinstance(error, StoreUnavailableError):
        cause = type(error.__cause__).__name__
        _LOG.warning("store unavailable", extra={"reason": str(error), "cause": cause})
    faults = error.faults if isinstance(error, InvalidInputError) else ()
    problem = Problem(**members(status, code, detail, faults, request.scope))
    headers = _headers(request, error, code)
    return Response(problem, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _status_of(error: Exception) -> HTTPStatus:
    if isinstance(error, HTTPException) and error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def _describe(error: Exception, status: HTTPStatus) -> tuple[str, str]:
    if isinstance(error, NotAuthenticatedError):
        return error.reason, str(error)
    if isinstance(error, EventAnalyticsError) and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return error.code, str(error)
    if isinstance(error, StoreUnavailableError):
        return error.code, f"{error}; nothing was stored"
    return _FRAMEWORK[status]


def _headers(request: Request[Any, Any, Any], error: Exception, code: str) -> dict[str, str]:
    if isinstance(error, NotAuthenticatedError):
        challenge = 'Bearer realm="eventanalytics"'
        given = "" if code == "missing_credentials" else ', error="invalid_token"'
        return {"WWW-Authenticate": challenge + given}
    if isinstance(error, StoreUnavailableError) and not isinstance(error, QueryTimeoutError):
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if isinstance(error, MethodNotAllowedException):
        return {"Allow": ", ".join(_allowed(request))}
    return {}


def _allowed(request: Request[Any, Any, Any]) -> list[str]:
    """Return the methods that the address of *request* does take."""
    found: list[str] = []
    for method in _METHODS:
        try:
            request.app.asgi_router.handle_routing(normalize_path(request.scope["path"]), method)
        except HTTPException:
            continue
        found += ["GET", "HEAD"] if method == "GET" else [method]
    return found
