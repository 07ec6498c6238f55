"""Access tokens: who issued them, for whom, until when; anything else is refused."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from eventanalytics.domain.access import Account, AccountId, Role
from eventanalytics.errors import NotAuthenticatedError
from eventanalytics.ports.access import Tokens
from eventanalytics_adapters.auth import JwtTokens

NOW = datetime(2025, 8, 21, 12, tzinfo=UTC)
SECRET = "a secret of more than 32 bytes, for tests"
LIFETIME = timedelta(minutes=30)
ACCOUNT = Account(
    id=AccountId(42),
    username="olena",
    email="olena@example.org",
    role=Role.MEMBER,
    is_active=True,
    created_at=NOW,
)
TOKENS: Tokens = JwtTokens(secret=SECRET, algorithm="HS256", lifetime=LIFETIME)


def parts(token: str) -> list[Any]:
    return [
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        for part in token.split(".")[:2]
    ]


def forged(
    changes: Mapping[str, object] = {},
    *,
    without: str = "",
    secret: str = SECRET,
    algorithm: str = "HS256",
    header: dict[str, Any] | None = None,
) -> str:
    """Return a token like ours in all but what is changed."""
    _, claims = parts(TOKENS.issue(ACCOUNT, NOW)[0])
    claims = {name: value for name, value in claims.items() if name != without} | dict(changes)
    full = {"alg": algorithm, **({"typ": "at+jwt"} if header is None else header)}
    key = OctKey.import_key(secret)
    return jwt.encode(full, claims, key, algorithms=[algorithm], default_type=None)


def reason(token: str, now: datetime = NOW) -> str:
    with pytest.raises(NotAuthenticatedError) as caught:
        TOKENS.verify(token, now)
    return caught.value.reason


def test_a_token_says_whose_it_is() -> None:
    token, _ = TOKENS.issue(ACCOUNT, NOW)
    assert TOKENS.verify(token, NOW) == 42


def test_a_token_has_the_claims_of_rfc_9068() -> None:
    token, expires_in = TOKENS.issue(ACCOUNT, NOW)
    header, claims = parts(token)
    issued = int(NOW.timestamp())
    assert header == {"typ": "at+jwt", "alg": "HS256"}
    assert len(claims.pop("jti")) >= 20
    assert expires_in == 1800
    assert claims == {
        "iss": "eventanalytics",
        "sub": "42",
        "aud": "eventanalytics",
        "client_id": "eventanalytics",
        "iat": issued,
        "nbf": issued,
        "exp": issued + 1800,
    }


def test_no_two_tokens_are_equal() -> None:
    assert TOKENS.issue(ACCOUNT, NOW)[0] != TOKENS.issue(ACCOUNT, NOW)[0]


def test_a_token_holds_until_its_last_second_by_the_given_clock() -> None:
    token, _ = TOKENS.issue(ACCOUNT, NOW)
    assert TOKENS.verify(token, NOW + LIFETIME - timedelta(seconds=1)) == 42
    assert reason(token, NOW + LIFETIME) == "expired_token"
    assert reason(token, NOW + timedelta(days=4000)) == "expired_token"


def test_a_token_does_not_hold_before_its_issue() -> None:
    token, _ = TOKENS.issue(ACCOUNT, NOW)
    assert reason(token, NOW - timedelta(seconds=1)) == "invalid_token"


def test_the_forgery_of_these_tests_is_accepted_when_nothing_is_changed() -> None:
    assert TOKENS.verify(forged(), NOW) == 42


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(forged(secret="another secret of more than 32 bytes"), id="another key"),
        pytest.param(forged(algorithm="HS512"), id="another algorithm, the same key"),
        pytest.param(forged(header={}), id="no type"),
        pytest.param(forged(header={"typ": "JWT"}), id="another type"),
        *[
            pytest.param(forged(without=name), id=f"no {name}")
            for name in ("iss", "sub", "aud", "client_id", "iat", "exp", "jti")
        ],
        *[
            pytest.param(forged(change), id=str(change))
            for change in (
                {"iss": "someone else"},
                {"aud": "another service"},
                {"aud": ["another service"]},
                {"exp": "never"},
                {"exp": True},
                {"exp": None},
                {"exp": float("nan")},
                {"sub": 42},
                {"sub": "olena"},
                {"sub": "-1"},
                {"sub": "0"},
                {"sub": "٤٢"},
                {"sub": "9" * 19},
                {"nbf": int(NOW.timestamp()) + 60},
                {"iat": int(NOW.timestamp()) + 60},
            )
        ],
        "",
        ".",
        "..",
        "a.b.c",
        "ключ",
        "\udcff",
        "a" * 1_000_000,
        forged() + ".x",
        forged().rsplit(".", 1)[0] + ".",
    ],
)
def test_anything_else_is_refused(token: str) -> None:
    assert reason(token) == "invalid_token"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_an_unsigned_token_is_refused(algorithm: str) -> None:
    def encoded(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    _, claims = parts(TOKENS.issue(ACCOUNT, NOW)[0])
    head = encoded({"alg": algorithm, "typ": "at+jwt"})
    assert reason(f"{head}.{encoded(claims)}.") == "invalid_token"


@given(st.data())
def test_a_token_with_any_character_changed_is_refused(data: st.DataObject) -> None:
    token, _ = TOKENS.issue(ACCOUNT, NOW)
    place = data.draw(st.integers(0, len(token) - 2))  # the last has bits that mean nothing
    other = data.draw(st.sampled_from("aA0_-.=").filter(lambda c: c != token[place]))
    assert reason(token[:place] + other + token[place + 1 :]) == "invalid_token"


@given(st.text())
def test_any_text_is_refused_in_order(text: str) -> None:
    assert reason(text) == "invalid_token"


def test_the_algorithm_of_the_settings_is_used() -> None:
    strong: Tokens = JwtTokens(secret=SECRET * 2, algorithm="HS512", lifetime=LIFETIME)
    token, _ = strong.issue(ACCOUNT, NOW)
    assert parts(token)[0]["alg"] == "HS512"
    assert strong.verify(token, NOW) == 42
