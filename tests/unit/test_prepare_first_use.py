"""What a new store needs is made once, and never again."""

from datetime import UTC, datetime

import pytest

from eventanalytics.domain.access import Account, Role, Scope
from eventanalytics.domain.projects import Project
from eventanalytics.errors import AlreadyExistsError, InvalidInputError
from eventanalytics.memory import (
    FixedClock,
    InMemoryAccountStore,
    InMemoryKeyStore,
    InMemoryProjectStore,
)
from eventanalytics.usecases.grant_access import CreateAccount, CreateKey
from eventanalytics.usecases.prepare_first_use import PrepareFirstUse

CLOCK = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))


class PlainHasher:
    async def hash(self, password: str) -> str:
        return password[::-1]

    async def verify(self, password_hash: str | None, password: str) -> bool:
        return password_hash == password[::-1]


class CountingKeyMaker:
    def __init__(self) -> None:
        self.made = 0

    def make(self) -> tuple[str, str]:
        self.made += 1
        return f"key-{self.made}", "key"

    def hash(self, key: str) -> bytes:
        return key.encode()


class World:
    def __init__(self, *, accounts: InMemoryAccountStore | None = None) -> None:
        self.projects = InMemoryProjectStore()
        self.accounts = accounts or InMemoryAccountStore()
        self.keys = InMemoryKeyStore(self.projects)
        self.prepare = PrepareFirstUse(
            self.projects,
            self.accounts,
            self.keys,
            CreateAccount(self.accounts, PlainHasher(), CLOCK),
            CreateKey(self.keys, CountingKeyMaker(), CLOCK),
        )


ADMIN = {"username": "admin", "email": "admin@localhost", "password": "correct horse"}


async def test_a_new_store_gets_a_project_an_administrator_and_a_key() -> None:
    world = World()
    made = await world.prepare(**ADMIN)
    assert made.project.slug == "default"
    assert made.admin is not None
    assert (made.admin.username, made.admin.role) == ("admin", Role.ADMIN)
    assert made.has_accounts
    assert made.key == "key-1"
    found = await world.keys.find(b"key-1")
    assert found is not None
    assert found[0].scopes == {Scope.INGEST}
    assert found[1] == made.project


async def test_the_second_time_nothing_is_made() -> None:
    world = World()
    first = await world.prepare(**ADMIN)
    second = await world.prepare(**{**ADMIN, "username": "other", "email": "other@localhost"})
    assert (second.admin, second.key, second.has_accounts) == (None, None, True)
    assert second.project == first.project
    assert await world.accounts.count() == 1


async def test_a_project_that_is_there_already_is_taken() -> None:
    world = World()
    there = await world.projects.create("default", "Mine")
    assert (await world.prepare(**ADMIN)).project == there


async def test_a_revoked_key_is_not_replaced() -> None:
    world = World()
    await world.prepare(**ADMIN)
    await world.keys.revoke(b"key-1", CLOCK.now())
    assert (await world.prepare(**ADMIN)).key is None


async def test_without_a_password_nobody_is_made_administrator() -> None:
    world = World()
    made = await world.prepare(username="admin", email="admin@localhost", password=None)
    assert (made.admin, made.has_accounts) == (None, False)
    assert await world.accounts.count() == 0
    assert made.key is not None


async def test_a_password_that_breaks_the_rules_makes_no_account() -> None:
    world = World()
    with pytest.raises(InvalidInputError, match="password"):
        await world.prepare(username="admin", email="admin@localhost", password="short")
    assert await world.accounts.count() == 0


class FasterElsewhere(InMemoryAccountStore):
    """Somebody else makes the account between the count and the creation."""

    async def create(
        self, *, username: str, email: str, password_hash: str, role: Role, created_at: datetime
    ) -> Account:
        raise AlreadyExistsError("username", username)


async def test_of_two_processes_that_start_at_once_one_makes_the_account() -> None:
    made = await World(accounts=FasterElsewhere()).prepare(**ADMIN)
    assert (made.admin, made.has_accounts) == (None, True)


async def test_of_two_processes_that_start_at_once_one_makes_the_project() -> None:
    world = World()
    find = world.projects.find
    misses = [None]

    async def find_late(slug: str) -> Project | None:
        if misses:
            misses.pop()
            await world.projects.create(slug, "Default")
            return None
        return await find(slug)

    world.projects.find = find_late  # type: ignore[method-assign]
    assert (await world.prepare(**ADMIN)).project.slug == "default"
