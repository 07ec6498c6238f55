"""Signing in: a token for a name and a password, and nothing told to who guesses."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics.domain.access import Account
from eventanalytics_adapters.container import Container

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

PATH = "/api/v1/auth/login"
ADMIN = {
    "id": 1,
    "username": "admin",
    "email": "admin@example.org",
    "role": "admin",
    "is_admin": True,
    "is_active": True,
    "created_at": "2025-08-21T12:00:00Z",
}


@pytest.fixture(autouse=True)
def there_are_people(people: dict[str, Account]) -> None:
    """Each test has somebody to sign in as."""


async def test_the_right_password_gets_a_token_that_works(api: Api) -> None:
    body = {"username": "admin", "password": "correct horse"}
    answer = await api.post(PATH, json=body)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    signed_in = answer.json()
    token = signed_in.pop("access_token")
    assert signed_in == {"token_type": "bearer", "expires_in": 1800, "user": ADMIN}
    me = await api.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert me.status_code == 200
    assert me.json() == ADMIN


async def test_the_case_of_a_username_does_not_matter(api: Api) -> None:
    body = {"username": "ADMIN", "password": "correct horse"}
    assert (await api.post(PATH, json=body)).status_code == 200


async def test_who_guesses_learns_nothing(
    api: Api, container: Container, people: dict[str, Account], hasher: Any
) -> None:
    await container.accounts().set_active(people["viewer"].id, is_active=False)
    answers = []
    for username, password in (
        ("admin", "wrong horse"),
        ("nobody", "correct horse"),
        ("viewer", "correct horse"),
    ):
        answer = await api.post(PATH, json={"username": username, "password": password})
        problem = answer.json()
        problem.pop("request_id")
        answers.append((answer.status_code, answer.headers["www-authenticate"], problem))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 401
    assert answers[0][2]["code"] == "invalid_credentials"
    assert len(hasher.verified) == 3, "each of them costs a verification"
    assert hasher.verified[1] is None


BODIES: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "", "invalid_json"),
    "no JSON": (b"username=admin", "", "invalid_json"),
    "no UTF-8": (b'{"username":"\xff","password":"x"}', "", "invalid_json"),
    "half a surrogate pair": (b'{"username":"\\ud83d","password":"x"}', "", "invalid_json"),
    "deeply nested": (b"[" * 100_000, "", "invalid_type"),
    "a list": (b"[]", "", "invalid_type"),
    "null": (b"null", "", "invalid_type"),
    "no password": (b'{"username":"admin"}', "password", "missing_field"),
    "no username": (b'{"password":"x"}', "username", "missing_field"),
    "a number": (b'{"username":1,"password":"x"}', "username", "invalid_type"),
    "another member": (
        b'{"username":"a","password":"x","is_admin":true}',
        "is_admin",
        "unknown_field",
    ),
    "an empty username": (b'{"username":"","password":"x"}', "username", "empty_text"),
    "an empty password": (b'{"username":"a","password":""}', "password", "empty_text"),
    "a NUL in the username": (
        b'{"username":"a\\u0000","password":"x"}',
        "username",
        "nul_character",
    ),
    "a NUL in the password": (
        b'{"username":"a","password":"\\u0000"}',
        "password",
        "nul_character",
    ),
    "1 MB of username": (
        b'{"username":"' + b"a" * 1_000_000 + b'","password":"x"}',
        "username",
        "too_long",
    ),
    "1 MB of password": (
        b'{"username":"a","password":"' + b"a" * 1_000_000 + b'"}',
        "password",
        "too_long",
    ),
}


@pytest.mark.parametrize(("body", "path", "code"), BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_names_nobody_is_refused_unhashed(
    api: Api, hasher: Any, body: bytes, path: str, code: str
) -> None:
    answer = await api.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "invalid_input"
    assert [(fault["path"], fault["code"]) for fault in problem["errors"]] == [(path, code)]
    assert not hasher.verified
    assert len(answer.content) < 1000


async def test_a_form_is_no_body_to_sign_in_with(api: Api) -> None:
    body = {"username": "admin", "password": "correct horse"}
    assert (await api.post(PATH, data=body)).status_code == 415


async def test_a_password_in_the_address_is_refused(api: Api) -> None:
    answer = await api.post(PATH + "?username=admin&password=x", json={})
    assert [fault["code"] for fault in answer.json()["errors"]] == ["unknown_parameter"] * 2
