"""Proving who someone is, and giving accounts and keys, over ports in memory."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import pytest

from eventanalytics.domain.access import Account, AccountId, Permission, Role, Scope
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.projects import Project
from eventanalytics.errors import (
    AlreadyExistsError,
    InvalidInputError,
    NotAuthenticatedError,
    UnknownProjectError,
)
from eventanalytics.memory import (
    FixedClock,
    InMemoryAccountStore,
    InMemoryKeyStore,
    InMemoryProjectStore,
)
from eventanalytics.usecases.grant_access import CreateAccount, CreateKey
from eventanalytics.usecases.projects import CreateProject, FindProject
from eventanalytics.usecases.sign_in import IdentifyAccount, IdentifyKey, SignIn

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
PASSWORD = "correct horse"
LIFE = timedelta(minutes=30)


class SaltedHasher:
    """Hashes quickly, and remembers what it was asked to verify."""

    def __init__(self) -> None:
        self._salts = count()
        self.verified: list[str | None] = []

    async def hash(self, password: str) -> str:
        return self._hash(str(next(self._salts)), password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.verified.append(password_hash)
        if password_hash is None:
            return False
        return self._hash(password_hash.partition("$")[0], password) == password_hash

    def _hash(self, salt: str, password: str) -> str:
        return f"{salt}${hashlib.sha256(f'{salt}{password}'.encode()).hexdigest()}"


class NumberedKeys:
    """Makes a different key each time."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)

    def make(self) -> tuple[str, str]:
        number = next(self._numbers)
        return f"ea_{number:08}_secret", f"ea_{number:08}"

    def hash(self, key: str) -> bytes:
        return hashlib.sha256(key.encode()).digest()


class RememberedTokens:
    """Issues tokens that it keeps in a dictionary."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[AccountId, datetime]] = {}

    def issue(self, account: Account, now: datetime) -> tuple[str, int]:
        token = f"token {len(self._issued)}"
        self._issued[token] = (account.id, now + LIFE)
        return token, int(LIFE.total_seconds())

    def verify(self, token: str, now: datetime) -> AccountId:
        account, end = self._issued.get(token, (None, now))
        if account is None or now >= end:
            raise NotAuthenticatedError("invalid_token", "the token is unknown or expired")
        return account


class House:
    """Every port in memory, and the use cases over them."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self.hasher, self.maker = SaltedHasher(), NumberedKeys()
        tokens = RememberedTokens()
        self.projects = InMemoryProjectStore()
        self.accounts = InMemoryAccountStore()
        self.keys = InMemoryKeyStore(self.projects)
        self.create_account = CreateAccount(self.accounts, self.hasher, self.clock)
        self.create_key = CreateKey(self.keys, self.maker, self.clock)
        self.sign_in = SignIn(self.accounts, self.hasher, tokens, self.clock)
        self.identify_account = IdentifyAccount(self.accounts, tokens, self.clock)
        self.identify_key = IdentifyKey(self.keys, self.maker, self.clock)

    async def ann(self) -> Account:
        return await self.create_account(
            username="Ann", email="ann@example.com", password=PASSWORD, role=Role.MEMBER
        )

    async def project(self) -> Project:
        return await self.projects.create("default", "Default")


@pytest.fixture
def house() -> House:
    return House()


async def test_an_account_is_made_active_now_with_the_hash_of_its_password(house: House) -> None:
    account = await house.ann()
    expected = Account(
        id=account.id,
        username="Ann",
        email="ann@example.com",
        role=Role.MEMBER,
        is_active=True,
        created_at=NOON,
    )
    assert account == expected
    found = await house.accounts.find_by_username("ann")
    assert found is not None
    assert PASSWORD not in found[1]
    assert await house.hasher.verify(found[1], PASSWORD)


async def test_an_account_that_breaks_rules_is_not_made(house: House) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await house.create_account(username="", email="x", password="short", role=Role.ADMIN)
    assert [fault.code for fault in caught.value.faults] == [
        *("invalid_username", "invalid_email", "invalid_password")
    ]
    assert await house.accounts.count() == 0


async def test_an_account_with_a_taken_name_is_not_made(house: House) -> None:
    await house.ann()
    with pytest.raises(AlreadyExistsError):
        await house.ann()


async def test_the_right_password_signs_in(house: House) -> None:
    account = await house.ann()
    signed_in = await house.sign_in("ann", PASSWORD)
    assert signed_in.account == account
    assert signed_in.expires_in == 1800
    assert await house.identify_account(signed_in.access_token) == account


@pytest.mark.parametrize(("username", "password"), [("ann", "wrong horse"), ("bob", PASSWORD)])
async def test_wrong_credentials_do_not_tell_which_is_wrong(
    house: House, username: str, password: str
) -> None:
    await house.ann()
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.sign_in(username, password)
    assert caught.value.reason == "invalid_credentials"
    assert str(caught.value) == "wrong username or password"


async def test_an_inactive_account_cannot_sign_in_and_looks_like_a_wrong_password(
    house: House,
) -> None:
    account = await house.ann()
    await house.accounts.set_active(account.id, is_active=False)
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.sign_in("ann", PASSWORD)
    assert caught.value.reason == "invalid_credentials"


async def test_an_unknown_name_takes_a_password_check_too(house: House) -> None:
    with pytest.raises(NotAuthenticatedError):
        await house.sign_in("nobody", PASSWORD)
    assert house.hasher.verified == [None]


async def test_a_token_is_good_until_its_end(house: House) -> None:
    await house.ann()
    token = (await house.sign_in("ann", PASSWORD)).access_token
    house.clock.move(LIFE - TICK)
    assert (await house.identify_account(token)).username == "Ann"
    house.clock.move(TICK)
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.identify_account(token)
    assert caught.value.reason == "invalid_token"


async def test_the_token_of_an_account_made_inactive_is_good_no_more(house: House) -> None:
    account = await house.ann()
    token = (await house.sign_in("ann", PASSWORD)).access_token
    await house.accounts.set_active(account.id, is_active=False)
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.identify_account(token)
    assert caught.value.reason == "inactive_account"


async def test_the_token_of_an_account_that_is_gone_is_good_no_more(house: House) -> None:
    await house.ann()
    token = (await house.sign_in("ann", PASSWORD)).access_token
    house.identify_account._accounts = InMemoryAccountStore()
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.identify_account(token)
    assert caught.value.reason == "inactive_account"


async def test_a_key_opens_its_project(house: House) -> None:
    project = await house.project()
    end = NOON + timedelta(days=1)
    kept, key = await house.create_key(
        project.id, name="A collector", scopes=[Scope.INGEST, Scope.INGEST], expires_at=end
    )
    assert (kept.name, kept.prefix, kept.project) == ("A collector", "ea_00000001", project.id)
    assert (kept.created_at, kept.expires_at, kept.revoked_at) == (NOON, end, None)
    assert kept.permissions == {Permission.INGEST}
    assert await house.identify_key(key) == (kept, project)


async def test_a_key_itself_is_not_kept(house: House) -> None:
    project = await house.project()
    kept, key = await house.create_key(project.id, name="A key", scopes=[Scope.READ])
    assert key not in str(msgspec.structs.asdict(kept))
    assert key.startswith(kept.prefix)


async def test_an_unknown_key_opens_nothing(house: House) -> None:
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.identify_key("ea_00000001_secret")
    assert caught.value.reason == "invalid_key"


async def test_a_key_opens_nothing_from_its_end_on(house: House) -> None:
    project = await house.project()
    _, key = await house.create_key(
        project.id, name="A key", scopes=[Scope.READ], expires_at=NOON + 2 * TICK
    )
    house.clock.move(TICK)
    assert (await house.identify_key(key))[1] == project
    house.clock.move(TICK)
    with pytest.raises(NotAuthenticatedError) as caught:
        await house.identify_key(key)
    assert caught.value.reason == "invalid_key"


async def test_a_revoked_key_opens_nothing(house: House) -> None:
    project = await house.project()
    _, key = await house.create_key(project.id, name="A key", scopes=[Scope.READ])
    await house.keys.revoke(house.maker.hash(key), NOON)
    with pytest.raises(NotAuthenticatedError):
        await house.identify_key(key)


@pytest.mark.parametrize(
    ("name", "scopes", "path", "code"),
    [
        ("", [Scope.READ], "name", "empty_text"),
        ("x" * 101, [Scope.READ], "name", "too_long"),
        ("a\0", [Scope.READ], "name", "nul_character"),
        ("A key", [], "scopes", "no_scope"),
    ],
)
async def test_a_key_without_a_name_or_a_scope_is_not_made(
    house: House, name: str, scopes: list[Scope], path: str, code: str
) -> None:
    project = await house.project()
    with pytest.raises(InvalidInputError) as caught:
        await house.create_key(project.id, name=name, scopes=scopes)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]
    assert not await house.keys.list(project.id)


async def test_a_project_is_made_and_found_by_its_slug(house: House) -> None:
    made = await CreateProject(house.projects)("web-shop", "The shop")
    assert (made.slug, made.name) == ("web-shop", "The shop")
    assert await FindProject(house.projects)("web-shop") == made


async def test_an_unknown_project_is_not_found(house: House) -> None:
    with pytest.raises(UnknownProjectError) as caught:
        await FindProject(house.projects)("nowhere")
    assert (caught.value.slug, caught.value.code) == ("nowhere", "unknown_project")


@pytest.mark.parametrize(
    "slug", ["", "-a", "a-", "A", "a b", "a_b", "ä", "a\n", "x" * 65, "a/b", "a.b"]
)
async def test_a_slug_that_cannot_stand_in_an_address_is_refused(house: House, slug: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await CreateProject(house.projects)(slug, "x")
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [("slug", "invalid_slug")]
    assert await house.projects.find(slug) is None


@pytest.mark.parametrize("slug", ["a", "0", "a-b", "a--b", "x" * 64])
async def test_a_plain_slug_is_taken(house: House, slug: str) -> None:
    assert (await CreateProject(house.projects)(slug, "x")).id == ProjectId(1)
