"""Projects, accounts and keys in memory."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from eventanalytics.domain.access import Account, AccountId, ApiKey, KeyId, Role, Scope
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.projects import Project
from eventanalytics.errors import AlreadyExistsError


class InMemoryProjectStore:
    """Keeps the projects in a dictionary."""

    def __init__(self) -> None:
        self._projects: dict[str, Project] = {}

    async def find(self, slug: str) -> Project | None:
        return self._projects.get(slug)

    async def create(self, slug: str, name: str) -> Project:
        if slug in self._projects:
            raise AlreadyExistsError("slug", slug)
        project = Project(id=ProjectId(len(self._projects) + 1), slug=slug, name=name)
        self._projects[slug] = project
        return project

    def by_id(self, project: ProjectId) -> Project:
        """Return the project with this id, which must be there."""
        return next(found for found in self._projects.values() if found.id == project)


class InMemoryAccountStore:
    """Keeps the accounts in a list."""

    def __init__(self) -> None:
        self._accounts: list[tuple[Account, str]] = []

    async def create(
        self, *, username: str, email: str, password_hash: str, role: Role, created_at: datetime
    ) -> Account:
        for account, _ in self._accounts:
            if account.username.lower() == username.lower():
                raise AlreadyExistsError("username", username)
            if account.email.lower() == email.lower():
                raise AlreadyExistsError("email", email)
        account = Account(
            id=AccountId(len(self._accounts) + 1),
            username=username,
            email=email,
            role=role,
            is_active=True,
            created_at=created_at,
        )
        self._accounts.append((account, password_hash))
        return account

    async def find(self, account: AccountId) -> Account | None:
        return next((found for found, _ in self._accounts if found.id == account), None)

    async def find_by_username(self, username: str) -> tuple[Account, str] | None:
        wanted = username.lower()
        return next((pair for pair in self._accounts if pair[0].username.lower() == wanted), None)

    async def set_active(self, account: AccountId, *, is_active: bool) -> None:
        self._accounts = [
            (msgspec.structs.replace(found, is_active=is_active), hashed)
            if found.id == account
            else (found, hashed)
            for found, hashed in self._accounts
        ]

    async def count(self) -> int:
        return len(self._accounts)


class InMemoryKeyStore:
    """Keeps the keys in a dictionary, beside the projects they open."""

    def __init__(self, projects: InMemoryProjectStore) -> None:
        self._projects = projects
        self._keys: dict[bytes, ApiKey] = {}

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
        key = ApiKey(
            id=KeyId(len(self._keys) + 1),
            project=project,
            name=name,
            prefix=prefix,
            scopes=scopes,
            created_at=created_at,
            expires_at=expires_at,
        )
        self._keys[key_hash] = key
        return key

    async def find(self, key_hash: bytes) -> tuple[ApiKey, Project] | None:
        key = self._keys.get(key_hash)
        return None if key is None else (key, self._projects.by_id(key.project))

    async def list(self, project: ProjectId) -> Sequence[ApiKey]:
        return [key for key in self._keys.values() if key.project == project]

    async def revoke(self, key_hash: bytes, at: datetime) -> None:
        if key_hash in self._keys:
            self._keys[key_hash] = msgspec.structs.replace(self._keys[key_hash], revoked_at=at)
