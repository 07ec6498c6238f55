"""Who may do what, and what keeps an account or a key from being made."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from eventanalytics.domain.access import (
    Account,
    AccountId,
    ApiKey,
    KeyId,
    Permission,
    Role,
    Scope,
    account_faults,
    check_key,
    require,
)
from eventanalytics.domain.events import ProjectId
from eventanalytics.errors import InvalidInputError, PermissionDeniedError

NOON = datetime(2025, 8, 21, 12, tzinfo=UTC)
INGEST, READ, ADMINISTER = Permission.INGEST, Permission.READ, Permission.ADMINISTER
ANN = Account(
    id=AccountId(1),
    username="ann",
    email="ann@example.com",
    role=Role.ADMIN,
    is_active=True,
    created_at=NOON,
)
KEY = ApiKey(
    id=KeyId(1),
    project=ProjectId(1),
    name="A key",
    prefix="ea_abc",
    scopes=frozenset(Scope),
    created_at=NOON,
)
PASSWORD = "x" * 10


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.ADMIN, {INGEST, READ, ADMINISTER}),
        (Role.MEMBER, {INGEST, READ}),
        (Role.VIEWER, {READ}),
    ],
)
def test_a_role_allows_what_it_is_for(role: Role, permissions: set[Permission]) -> None:
    account = msgspec.structs.replace(ANN, role=role)
    assert account.permissions == role.permissions == permissions
    for permission in permissions:
        require(account, permission)
    for permission in set(Permission) - permissions:
        with pytest.raises(PermissionDeniedError) as caught:
            require(account, permission)
        assert str(caught.value) == (
            f"an account with the role {role.value} may not {permission.value}"
        )


@pytest.mark.parametrize("role", Role)
def test_an_inactive_account_may_do_nothing(role: Role) -> None:
    account = msgspec.structs.replace(ANN, role=role, is_active=False)
    assert account.permissions == set()
    with pytest.raises(PermissionDeniedError):
        require(account, READ)


@pytest.mark.parametrize(
    ("scopes", "permissions", "written"),
    [
        ({Scope.INGEST}, {INGEST}, "ingest"),
        ({Scope.READ}, {READ}, "read"),
        ({Scope.READ, Scope.INGEST}, {READ, INGEST}, "ingest, read"),
    ],
)
def test_a_key_allows_what_its_scopes_say(
    scopes: set[Scope], permissions: set[Permission], written: str
) -> None:
    key = msgspec.structs.replace(KEY, scopes=frozenset(scopes))
    assert key.permissions == permissions
    for permission in permissions:
        require(key, permission)
    with pytest.raises(PermissionDeniedError) as caught:
        require(key, ADMINISTER)
    assert str(caught.value) == f"a key with the scopes {written} may not administer"


def test_a_key_is_usable_until_it_expires_or_is_revoked() -> None:
    tick = timedelta(microseconds=1)
    ends = msgspec.structs.replace(KEY, expires_at=NOON)
    assert [ends.is_usable(NOON + i * tick) for i in (-1, 0, 1)] == [True, False, False]
    assert KEY.is_usable(NOON + timedelta(days=10_000))
    revoked = msgspec.structs.replace(KEY, revoked_at=NOON)
    assert not revoked.is_usable(NOON - tick)


def faults(username: str = "ann", email: str = "a@b", password: str = PASSWORD) -> list[str]:
    return [fault.code for fault in account_faults(username, email, password)]


@pytest.mark.parametrize("username", ["a", "0", "Ann", "a.b_c@d+e-f", "x" * 64])
def test_a_plain_username_is_taken(username: str) -> None:
    assert faults(username=username) == []


@pytest.mark.parametrize("username", ["", ".a", "-a", "a b", "ä", "a\n", "a\0", "x" * 65])
def test_a_username_of_other_characters_is_refused(username: str) -> None:
    assert faults(username=username) == ["invalid_username"]


@pytest.mark.parametrize("email", ["a@b", "ann+x@example.com", "ä@ü.example", "x" * 252 + "@b"])
def test_an_address_is_taken(email: str) -> None:
    assert faults(email=email) == []


@pytest.mark.parametrize(
    "email", ["", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "a\0@b", "x" * 253 + "@b"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert faults(email=email) == ["invalid_email"]


@pytest.mark.parametrize("length", [10, 1024])
def test_a_password_within_the_bounds_is_taken(length: int) -> None:
    assert faults(password="x" * length) == []


@pytest.mark.parametrize("length", [0, 9, 1025])
def test_a_password_out_of_bounds_is_refused(length: int) -> None:
    assert faults(password="x" * length) == ["invalid_password"]


def test_every_fault_of_an_account_is_named_at_once() -> None:
    found = account_faults("", "", "")
    assert [fault.path for fault in found] == ["username", "email", "password"]


def test_a_key_of_a_hundred_characters_is_taken() -> None:
    check_key("x" * 100, frozenset({Scope.READ}))


def test_every_fault_of_a_key_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_key("", frozenset())
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("name", "empty_text"),
        ("scopes", "no_scope"),
    ]
