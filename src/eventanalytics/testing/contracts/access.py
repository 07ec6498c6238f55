"""The rules of `AccountStore` and `KeyStore`."""

import secrets
from datetime import datetime, timedelta

import pytest

from eventanalytics.domain.access import Account, AccountId, ApiKey, Role, Scope
from eventanalytics.domain.projects import Project
from eventanalytics.errors import AlreadyExistsError
from eventanalytics.ports.access import AccountStore, KeyStore, ProjectStore
from eventanalytics.testing.contracts.projects import new_slug
from eventanalytics.testing.contracts.rules import NOON

_LATER = NOON + timedelta(days=1, microseconds=1)


class AccountStoreContract:
    """Every rule of `eventanalytics.ports.access.AccountStore`. Fixture: ``account_store``."""

    @pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
    async def test_a_new_account_is_active_and_found_by_its_id(
        self, account_store: AccountStore, role: Role
    ) -> None:
        name = _new_name()
        made = await _account(account_store, name, role=role)
        expected = Account(
            id=made.id,
            username=name,
            email=f"{name}@example.com",
            role=role,
            is_active=True,
            created_at=_LATER,
        )
        assert made == expected
        assert await account_store.find(made.id) == expected

    async def test_an_account_is_found_by_its_username_with_its_hash(
        self, account_store: AccountStore
    ) -> None:
        name = _new_name()
        hashed = "$argon2id$v=19$m=8,t=1,p=1$x'%"
        made = await _account(account_store, name, password_hash=hashed)
        assert await account_store.find_by_username(name) == (made, hashed)

    async def test_a_username_is_found_in_any_case_and_kept_in_its_own(
        self, account_store: AccountStore
    ) -> None:
        name = _new_name()
        made = await _account(account_store, name)
        for written in (name.lower(), name.upper(), name.swapcase()):
            assert await account_store.find_by_username(written) == (made, "hash")
        assert made.username == name

    async def test_unknown_accounts_are_not_found(self, account_store: AccountStore) -> None:
        assert await account_store.find_by_username(_new_name()) is None
        assert await account_store.find(AccountId(2**31 - 1)) is None

    @pytest.mark.parametrize("pattern", ["%", "_", "user%", "user_%"])
    async def test_a_username_is_no_pattern(
        self, account_store: AccountStore, pattern: str
    ) -> None:
        await _account(account_store, _new_name())
        assert await account_store.find_by_username(pattern) is None

    async def test_a_username_is_taken_in_any_case(self, account_store: AccountStore) -> None:
        name = _new_name()
        await _account(account_store, name)
        with pytest.raises(AlreadyExistsError) as caught:
            await _account(account_store, name.swapcase(), email=f"{_new_name()}@example.com")
        assert caught.value.field == "username"

    async def test_an_address_is_taken_in_any_case(self, account_store: AccountStore) -> None:
        name = _new_name()
        await _account(account_store, name)
        with pytest.raises(AlreadyExistsError) as caught:
            await _account(account_store, _new_name(), email=f"{name}@EXAMPLE.com".swapcase())
        assert caught.value.field == "email"

    async def test_a_refused_account_leaves_nothing_behind(
        self, account_store: AccountStore
    ) -> None:
        name, other = _new_name(), _new_name()
        made = await _account(account_store, name)
        count = await account_store.count()
        with pytest.raises(AlreadyExistsError):
            await _account(account_store, other, email=f"{name}@example.com")
        assert await account_store.find_by_username(other) is None
        assert await account_store.count() == count
        assert await account_store.find(made.id) == made

    async def test_every_account_counts_active_or_not(self, account_store: AccountStore) -> None:
        count = await account_store.count()
        made = await _account(account_store, _new_name())
        await _account(account_store, _new_name())
        await account_store.set_active(made.id, is_active=False)
        assert await account_store.count() == count + 2

    async def test_an_account_is_made_inactive_and_active_again(
        self, account_store: AccountStore
    ) -> None:
        made, other = [await _account(account_store, _new_name()) for _ in range(2)]
        for is_active in (False, False, True):
            await account_store.set_active(made.id, is_active=is_active)
            by_id = await account_store.find(made.id)
            by_name = await account_store.find_by_username(made.username)
            assert by_id is not None
            assert by_name == (by_id, "hash")
            assert by_id.is_active is is_active
            assert await account_store.find(other.id) == other
        assert await account_store.find(made.id) == made

    async def test_an_inactive_account_keeps_its_name(self, account_store: AccountStore) -> None:
        name = _new_name()
        made = await _account(account_store, name)
        await account_store.set_active(made.id, is_active=False)
        with pytest.raises(AlreadyExistsError):
            await _account(account_store, name)

    async def test_an_unknown_account_is_left_alone(self, account_store: AccountStore) -> None:
        count = await account_store.count()
        await account_store.set_active(AccountId(2**31 - 1), is_active=False)
        assert await account_store.count() == count


class KeyStoreContract:
    """Every rule of `eventanalytics.ports.access.KeyStore`.

    Fixtures: ``key_store``, and ``project_store`` whose projects have the keys.
    """

    @pytest.mark.parametrize("expires_at", [None, _LATER], ids=["for ever", "expires"])
    @pytest.mark.parametrize(
        "scopes", [{Scope.INGEST}, {Scope.READ}, {Scope.INGEST, Scope.READ}], ids=len
    )
    async def test_a_key_is_found_by_its_hash_with_its_project(
        self,
        key_store: KeyStore,
        project_store: ProjectStore,
        scopes: set[Scope],
        expires_at: datetime | None,
    ) -> None:
        project, key_hash = await _project(project_store), secrets.token_bytes(32)
        made = await key_store.create(
            project.id,
            name="Їжак's key %",
            prefix="ea_abc",
            key_hash=key_hash,
            scopes=frozenset(scopes),
            created_at=_LATER,
            expires_at=expires_at,
        )
        expected = ApiKey(
            id=made.id,
            project=project.id,
            name="Їжак's key %",
            prefix="ea_abc",
            scopes=frozenset(scopes),
            created_at=_LATER,
            expires_at=expires_at,
        )
        assert made == expected
        assert await key_store.find(key_hash) == (expected, project)

    async def test_an_unknown_hash_opens_nothing(
        self, key_store: KeyStore, project_store: ProjectStore
    ) -> None:
        key_hash = secrets.token_bytes(32)
        await _key(key_store, await _project(project_store), key_hash)
        for other in (b"", key_hash[:-1], key_hash + b"\0", key_hash[::-1]):
            assert await key_store.find(other) is None

    async def test_a_revoked_key_is_found_with_the_time_of_its_end(
        self, key_store: KeyStore, project_store: ProjectStore
    ) -> None:
        project, key_hash = await _project(project_store), secrets.token_bytes(32)
        other_hash = secrets.token_bytes(32)
        await _key(key_store, project, key_hash)
        other = await _key(key_store, project, other_hash)
        await key_store.revoke(key_hash, _LATER)
        found = await key_store.find(key_hash)
        assert found is not None
        assert found[0].revoked_at == _LATER
        assert await key_store.find(other_hash) == (other, project)

    async def test_revoking_an_unknown_key_changes_nothing(
        self, key_store: KeyStore, project_store: ProjectStore
    ) -> None:
        project, key_hash = await _project(project_store), secrets.token_bytes(32)
        made = await _key(key_store, project, key_hash)
        await key_store.revoke(secrets.token_bytes(32), _LATER)
        assert await key_store.find(key_hash) == (made, project)

    async def test_a_project_lists_its_own_keys_the_oldest_first(
        self, key_store: KeyStore, project_store: ProjectStore
    ) -> None:
        one, other = await _project(project_store), await _project(project_store)
        made = [await _key(key_store, one, secrets.token_bytes(32)) for _ in range(3)]
        theirs = await _key(key_store, other, secrets.token_bytes(32))
        assert list(await key_store.list(one.id)) == made
        assert list(await key_store.list(other.id)) == [theirs]

    async def test_a_project_lists_its_revoked_keys_too(
        self, key_store: KeyStore, project_store: ProjectStore
    ) -> None:
        project, key_hash = await _project(project_store), secrets.token_bytes(32)
        await _key(key_store, project, key_hash)
        await key_store.revoke(key_hash, _LATER)
        assert [key.revoked_at for key in await key_store.list(project.id)] == [_LATER]

    async def test_a_new_project_has_no_keys(
        self, key_store: KeyStore, project_store: ProjectStore
    ) -> None:
        project = await _project(project_store)
        assert list(await key_store.list(project.id)) == []


def _new_name() -> str:
    """Return a username that no account has yet, with letters that have a case."""
    return f"User.{secrets.token_hex(8)}x"


async def _account(
    account_store: AccountStore,
    name: str,
    *,
    email: str | None = None,
    password_hash: str = "hash",  # noqa: S107 - stands for a hash
    role: Role = Role.MEMBER,
) -> Account:
    return await account_store.create(
        username=name,
        email=email or f"{name}@example.com",
        password_hash=password_hash,
        role=role,
        created_at=_LATER,
    )


async def _project(project_store: ProjectStore) -> Project:
    return await project_store.create(new_slug(), "A project with keys")


async def _key(key_store: KeyStore, project: Project, key_hash: bytes) -> ApiKey:
    return await key_store.create(
        project.id,
        name="A key",
        prefix="ea_abc",
        key_hash=key_hash,
        scopes=frozenset({Scope.INGEST}),
        created_at=NOON,
        expires_at=None,
    )
