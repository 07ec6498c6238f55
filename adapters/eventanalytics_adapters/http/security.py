"""Who calls, what they may do, and in which project. A route that says nothing is closed."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeAlias

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import BaseRouteHandler

from eventanalytics.domain.access import Account, ApiKey, Permission, require
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.projects import DEFAULT_SLUG, Project, check_slug
from eventanalytics.errors import (
    InvalidInputError,
    NotAuthenticatedError,
    PermissionDeniedError,
    UnknownProjectError,
)
from eventanalytics.usecases.projects import FindProject
from eventanalytics.usecases.sign_in import IdentifyAccount, IdentifyKey
from eventanalytics_adapters.auth.keys import KEY_MARK

Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]


class Openness(Enum):
    """Who may call a route that needs no permission in a project."""

    PUBLIC = "public"
    """Anyone; credentials are not looked at."""
    SIGNED_IN = "signed_in"
    """Any active account; no key."""


Access: TypeAlias = Permission | Openness


class Caller(msgspec.Struct, frozen=True):
    """Who calls: a person, or a program with a key, which belongs to one project."""

    who: Account | ApiKey
    project: Project | None = None

    @property
    def label(self) -> str:
        """What the log calls them."""
        return f"{'account' if isinstance(self.who, Account) else 'key'}:{self.who.id}"


class Authoriser:
    """The guard of every route: lets a request pass when its caller may do what the route needs.

    What a route needs is its operation's `access`, or its own where it has no operation; a route
    that declares nothing is refused to all.
    """

    def __init__(
        self,
        identify_account: Callable[[], IdentifyAccount],
        identify_key: Callable[[], IdentifyKey],
    ) -> None:
        self._identify_account, self._identify_key = identify_account, identify_key

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Note the caller in ``scope["auth"]``.

        Raises:
            NotAuthenticatedError: The caller did not prove who they are.
            PermissionDeniedError: They may not do this.
        """
        access = access_of(handler)
        if access is Openness.PUBLIC:
            return
        if access is None and getattr(connection, "method", "") == "OPTIONS":
            raise MethodNotAllowedException  # added by the framework, to no purpose here
        caller = await self._identified(credential(connection))
        connection.scope["auth"] = caller
        connection.scope["state"]["caller"] = caller.label
        if isinstance(access, Permission):
            require(caller.who, access)
        elif access is None:
            raise PermissionDeniedError("nobody may call this")
        elif not isinstance(caller.who, Account):
            raise PermissionDeniedError("a key has no account")

    async def _identified(self, secret: str) -> Caller:
        if secret.startswith(KEY_MARK):
            return Caller(*await self._identify_key()(secret))
        return Caller(await self._identify_account()(secret))


def access_of(handler: BaseRouteHandler) -> Access | None:
    """Return what the caller of *handler* must be allowed; None when it declares nothing."""
    operation = handler.opt.get("operation")
    access: Access | None = handler.opt.get("access") if operation is None else operation.access
    return access


def credential(connection: Connection) -> str:
    """Return the one token or key that the request carries.

    Raises:
        NotAuthenticatedError: There is none, or more than one: guessing which one is meant could
            do something in another's name.
    """
    keys = connection.headers.getall("x-api-key", [])
    authorizations = connection.headers.getall("authorization", [])
    if len(keys) + len(authorizations) > 1:
        message = "send one Authorization header or one X-API-Key header, not several"
        raise NotAuthenticatedError("ambiguous_credentials", message)
    if keys:
        return keys[0] if keys[0].startswith(KEY_MARK) else _refuse_key()
    if not authorizations:
        message = "send an access token as Authorization: Bearer, or a key as X-API-Key"
        raise NotAuthenticatedError("missing_credentials", message)
    scheme, _, secret = authorizations[0].partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthenticatedError("unsupported_scheme", "Authorization must be of scheme Bearer")
    return secret.strip()


def _refuse_key() -> str:
    raise NotAuthenticatedError("invalid_key", "the key is unknown, expired or revoked")


async def choose_project(
    request: Request[Any, Any, Any], slug: str | None, find_project: FindProject
) -> ProjectId:
    """Return the project that *request* is about: the one it names, its key's, or the default.

    Raises:
        PermissionDeniedError: It names another project than its key's.
        UnknownProjectError: There is no such project.
    """
    caller: Caller = request.auth
    if caller.project is None:
        project = await find_project(_checked(slug or DEFAULT_SLUG))
    elif slug is None or slug == caller.project.slug:
        project = caller.project
    else:
        raise PermissionDeniedError("the key belongs to another project")
    request.scope["state"]["project"] = project.slug
    return project.id


def _checked(slug: str) -> str:
    try:
        return check_slug(slug)
    except InvalidInputError:
        raise UnknownProjectError(slug[:64]) from None
