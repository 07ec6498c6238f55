"""Access tokens: JWTs with the claims of RFC 9068."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.rfc9068.claims import JWTAccessTokenClaims
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey

from eventanalytics.domain.access import Account, AccountId
from eventanalytics.errors import NotAuthenticatedError

ISSUER = AUDIENCE = CLIENT = "eventanalytics"
TYPE = "at+jwt"

_SUBJECT = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_LONGEST = 4096  # characters; ours have some 350


class JwtTokens:
    """Issues and verifies tokens that are signed with one secret, by one algorithm.

    The algorithm is the one given here, whatever a token says of itself; the time is the caller's.
    A token is good from its issue until *lifetime* later.
    """

    def __init__(self, *, secret: str, algorithm: str, lifetime: timedelta) -> None:
        self._key = OctKey.import_key(secret)
        self._algorithm = algorithm
        self._lifetime = lifetime

    def issue(self, account: Account, now: datetime) -> tuple[str, int]:
        issued, life = int(now.timestamp()), int(self._lifetime.total_seconds())
        claims = {
            "iss": ISSUER,
            "sub": str(account.id),
            "aud": AUDIENCE,
            "client_id": CLIENT,
            "iat": issued,
            "nbf": issued,
            "exp": issued + life,
            "jti": secrets.token_urlsafe(16),
        }
        header = {"alg": self._algorithm, "typ": TYPE}
        return jwt.encode(header, claims, self._key, algorithms=[self._algorithm]), life

    def verify(self, token: str, now: datetime) -> AccountId:
        try:
            return self._subject(token, now)
        except ExpiredTokenError:
            raise NotAuthenticatedError("expired_token", "the access token has expired") from None
        except (JoseError, ValueError, RecursionError):
            # Which part is wrong helps only who forges one.
            raise NotAuthenticatedError("invalid_token", "the access token is not valid") from None

    def _subject(self, token: str, now: datetime) -> AccountId:
        if len(token) > _LONGEST:
            raise ValueError(len(token))
        decoded = jwt.decode(token, self._key, algorithms=[self._algorithm])
        if str(decoded.header.get("typ", "")).lower() != TYPE:  # authlib lets a missing one pass
            raise ValueError(decoded.header)
        claims: Any = JWTAccessTokenClaims(
            decoded.claims, decoded.header, options=_claims_options()
        )
        claims.validate(now=int(now.timestamp()))
        subject = claims["sub"]
        if not _SUBJECT.fullmatch(subject):
            raise ValueError(subject)
        return AccountId(int(subject))


def _claims_options() -> dict[str, Any]:
    """Return what RFC 9068, section 2.2, requires; made anew, for authlib changes it."""
    essential = ("exp", "sub", "client_id", "iat", "jti")
    return {
        "iss": {"essential": True, "value": ISSUER},
        "aud": {"essential": True, "value": AUDIENCE},
        **{name: {"essential": True} for name in essential},
    }
