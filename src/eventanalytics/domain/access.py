"""Who may do what: accounts of people, keys of programs, and what each is allowed.

Source: docs/architecture.md, "Who may call".
"""

import re
from datetime import datetime
from enum import Enum
from typing import NewType

import msgspec

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.json_values import text_faults
from eventanalytics.errors import Fault, InvalidInputError, PermissionDeniedError

AccountId = NewType("AccountId", int)
KeyId = NewType("KeyId", int)

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 10, 1024
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


class Permission(Enum):
    """One kind of thing that a caller may be allowed."""

    INGEST = "ingest"
    READ = "read"
    ADMINISTER = "administer"


class Role(Enum):
    """What a person is."""

    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What a person of this role may do."""
        return _PERMISSIONS[self]


_PERMISSIONS = {
    Role.ADMIN: frozenset(Permission),
    Role.MEMBER: frozenset({Permission.INGEST, Permission.READ}),
    Role.VIEWER: frozenset({Permission.READ}),
}


class Scope(Enum):
    """What a key is for."""

    INGEST = "ingest"
    READ = "read"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person who signs in."""

    id: AccountId
    username: str
    email: str
    role: Role
    is_active: bool
    created_at: datetime

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do; nothing once the account is inactive."""
        return self.role.permissions if self.is_active else frozenset()


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A program's key, bound to one project. The key itself is shown once and never kept."""

    id: KeyId
    project: ProjectId
    name: str
    prefix: str
    """The first characters of the key, by which a person tells one key from another."""
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_usable(self, now: datetime) -> bool:
        """Tell whether the key still opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the bearer of this key may do in its project."""
        return frozenset(Permission(scope.value) for scope in self.scopes)


def require(caller: Account | ApiKey, permission: Permission) -> None:
    """Let *caller* pass when it has *permission*.

    Raises:
        PermissionDeniedError: It has not.
    """
    if permission not in caller.permissions:
        if isinstance(caller, Account):
            who = f"an account with the role {caller.role.value}"
        else:
            who = "a key with the scopes " + ", ".join(sorted(s.value for s in caller.scopes))
        raise PermissionDeniedError(f"{who} may not {permission.value}")


def account_faults(username: str, email: str, password: str) -> list[Fault]:
    """Return what keeps an account from being made of these."""
    faults: list[Fault] = []
    if not _USERNAME.fullmatch(username):
        message = "must be 1 to 64 letters, digits or . _ @ + - and begin with a letter or digit"
        faults.append(Fault("username", "invalid_username", message))
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        faults.append(Fault("email", "invalid_email", "must be an e-mail address"))
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        message = f"must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters"
        faults.append(Fault("password", "invalid_password", message))
    return faults


def check_key(name: str, scopes: frozenset[Scope]) -> None:
    """Refuse a key that could not be told from others or would open nothing.

    Raises:
        InvalidInputError: The name is empty or too long, or there is no scope.
    """
    faults = text_faults(name, "name", longest=100)
    if not scopes:
        faults.append(Fault("scopes", "no_scope", "must name at least one of ingest and read"))
    if faults:
        raise InvalidInputError(faults)
