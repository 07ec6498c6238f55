"""Projects, accounts and keys in Postgres."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.access import Account, AccountId, ApiKey, KeyId, Role, Scope
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.json_values import character_faults
from eventanalytics.domain.projects import Project
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.errors import translated


class PostgresProjectStore:
    """Keeps the projects in the table ``project``."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def find(self, slug: str) -> Project | None:
        if character_faults(slug, "slug"):  # no text of Postgres can hold it
            return None
        rows = await _rows(self._pool, queries.FIND_PROJECT, {"slug": slug})
        return _project(rows[0]) if rows else None

    async def create(self, slug: str, name: str) -> Project:
        with translated({"project_slug_unique": ("slug", slug)}):
            rows = await _rows(self._pool, queries.CREATE_PROJECT, {"slug": slug, "name": name})
        return _project(rows[0])


class PostgresAccountStore:
    """Keeps the accounts in the table ``account``."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def create(
        self, *, username: str, email: str, password_hash: str, role: Role, created_at: datetime
    ) -> Account:
        parameters = {
            "username": username,
            "username_key": username.lower(),
            "email": email,
            "email_key": email.lower(),
            "password_hash": password_hash,
            "role": role.value,
            "created_at": created_at,
        }
        unique = {
            "account_username_unique": ("username", username),
            "account_email_unique": ("email", email),
        }
        with translated(unique):
            rows = await _rows(self._pool, queries.CREATE_ACCOUNT, parameters)
        return _account(rows[0])

    async def find(self, account: AccountId) -> Account | None:
        rows = await _rows(self._pool, queries.FIND_ACCOUNT, {"account_id": account})
        return _account(rows[0]) if rows else None

    async def find_by_username(self, username: str) -> tuple[Account, str] | None:
        if character_faults(username, "username"):
            return None
        parameters = {"username_key": username.lower()}
        rows = await _rows(self._pool, queries.FIND_ACCOUNT_BY_USERNAME, parameters)
        return (_account(rows[0]), rows[0]["password_hash"]) if rows else None

    async def set_active(self, account: AccountId, *, is_active: bool) -> None:
        parameters = {"account_id": account, "is_active": is_active}
        await _rows(self._pool, queries.SET_ACCOUNT_ACTIVE, parameters)

    async def count(self) -> int:
        [row] = await _rows(self._pool, queries.COUNT_ACCOUNTS, {})
        count: int = row["accounts"]
        return count


class PostgresKeyStore:
    """Keeps the keys in the table ``api_key``."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

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
        parameters = {
            "project_id": project,
            "name": name,
            "prefix": prefix,
            "key_hash": key_hash,
            "scopes": sorted(scope.value for scope in scopes),
            "created_at": created_at,
            "expires_at": expires_at,
        }
        with translated({"api_key_hash_unique": ("key_hash", key_hash.hex())}):
            rows = await _rows(self._pool, queries.CREATE_KEY, parameters)
        return _key(rows[0])

    async def find(self, key_hash: bytes) -> tuple[ApiKey, Project] | None:
        rows = await _rows(self._pool, queries.FIND_KEY, {"key_hash": key_hash})
        if not rows:
            return None
        [row] = rows
        project = Project(
            id=ProjectId(row["project_id"]), slug=row["project_slug"], name=row["project_name"]
        )
        return _key(row), project

    async def list(self, project: ProjectId) -> Sequence[ApiKey]:
        rows = await _rows(self._pool, queries.LIST_KEYS, {"project_id": project})
        return [_key(row) for row in rows]

    async def revoke(self, key_hash: bytes, at: datetime) -> None:
        await _rows(self._pool, queries.REVOKE_KEY, {"key_hash": key_hash, "at": at})


async def _rows(
    pool: AsyncConnectionPool, query: bytes, parameters: Mapping[str, object]
) -> list[DictRow]:
    """Execute *query* in a transaction of its own and return what it returns, if anything."""
    with translated():
        async with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cur:
            await cur.execute(query, parameters)
            return await cur.fetchall() if cur.description else []


def _project(row: Mapping[str, Any]) -> Project:
    return Project(id=ProjectId(row["id"]), slug=row["slug"], name=row["name"])


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        id=AccountId(row["id"]),
        username=row["username"],
        email=row["email"],
        role=Role(row["role"]),
        is_active=row["is_active"],
        created_at=row["created_at"].astimezone(UTC),
    )


def _key(row: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=KeyId(row["id"]),
        project=ProjectId(row["project_id"]),
        name=row["name"],
        prefix=row["prefix"],
        scopes=frozenset(map(Scope, row["scopes"])),
        created_at=row["created_at"].astimezone(UTC),
        expires_at=_in_utc(row["expires_at"]),
        revoked_at=_in_utc(row["revoked_at"]),
    )


def _in_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
