"""The ports behind which projects, accounts, keys and proofs of identity are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eventanalytics.domain.access import Account, AccountId, ApiKey, Role, Scope
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.projects import Project


class ProjectStore(Protocol):
    """Keeps the projects."""

    async def find(self, slug: str) -> Project | None:
        """Return the project with this slug."""
        ...

    async def create(self, slug: str, name: str) -> Project:
        """Make a project.

        Raises:
            AlreadyExistsError: The slug is taken.
        """
        ...


class AccountStore(Protocol):
    """Keeps the accounts, with the hash of each password."""

    async def create(
        self, *, username: str, email: str, password_hash: str, role: Role, created_at: datetime
    ) -> Account:
        """Make an active account.

        Raises:
            AlreadyExistsError: The username or the e-mail address is taken; case does not tell two
                apart.
        """
        ...

    async def find(self, account: AccountId) -> Account | None:
        """Return the account with this id, active or not."""
        ...

    async def find_by_username(self, username: str) -> tuple[Account, str] | None:
        """Return the account and its password's hash; case does not matter."""
        ...

    async def set_active(self, account: AccountId, *, is_active: bool) -> None:
        """Let the account sign in and act, or not; an unknown one is left alone."""
        ...

    async def count(self) -> int:
        """Return how many accounts there are, active or not."""
        ...


class KeyStore(Protocol):
    """Keeps the keys of programs, by the hash of each."""

    async def create(
        self,
        project: ProjectId,
        *,
        name: str,
        prefix: str,
        key_hash: bytes,
        scopes: frozenset[Scope],
        created_at: datetime,
        expires_at: datetime | None,
    ) -> ApiKey:
        """Keep a new key."""
        ...

    async def find(self, key_hash: bytes) -> tuple[ApiKey, Project] | None:
        """Return the key with this hash and its project, usable or not."""
        ...

    async def list(self, project: ProjectId) -> Sequence[ApiKey]:
        """Return the keys of a project, the oldest first."""
        ...

    async def revoke(self, key_hash: bytes, at: datetime) -> None:
        """End a key at that time; an unknown one is left alone."""
        ...


class PasswordHasher(Protocol):
    """Turns passwords into hashes that are slow to guess."""

    async def hash(self, password: str) -> str:
        """Return a salted hash."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the hash is this password's; without a hash, take as long and say no."""
        ...


class KeyMaker(Protocol):
    """Makes keys that cannot be guessed."""

    def make(self) -> tuple[str, str]:
        """Return a new key and its prefix."""
        ...

    def hash(self, key: str) -> bytes:
        """Return the hash that a key is kept by."""
        ...


class Tokens(Protocol):
    """Issues and verifies access tokens."""

    def issue(self, account: Account, now: datetime) -> tuple[str, int]:
        """Return an access token and its life in seconds."""
        ...

    def verify(self, token: str, now: datetime) -> AccountId:
        """Return whose token this is.

        Raises:
            NotAuthenticatedError: It is malformed, expired, not yet valid, for someone else, or
                signed by another key or in another way.
        """
        ...
