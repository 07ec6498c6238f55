"""Prove who someone is: sign in with a password, come back with a token or a key."""

import msgspec

from eventanalytics.domain.access import Account, ApiKey
from eventanalytics.domain.projects import Project
from eventanalytics.errors import NotAuthenticatedError
from eventanalytics.ports.access import AccountStore, KeyMaker, KeyStore, PasswordHasher, Tokens
from eventanalytics.ports.clock import Clock


class SignedIn(msgspec.Struct, frozen=True):
    """Who signed in, their access token, and its life in seconds."""

    account: Account
    access_token: str
    expires_in: int


class SignIn:
    """Exchange a username and a password for an access token."""

    def __init__(
        self, accounts: AccountStore, hasher: PasswordHasher, tokens: Tokens, clock: Clock
    ) -> None:
        self._accounts, self._hasher, self._tokens, self._clock = accounts, hasher, tokens, clock

    async def __call__(self, username: str, password: str) -> SignedIn:
        """Return the token.

        Raises:
            NotAuthenticatedError: No active account has this name and password. The answer and the
                time it takes do not tell which of these is wrong.
        """
        found = await self._accounts.find_by_username(username)
        account, password_hash = found or (None, None)
        proven = await self._hasher.verify(password_hash, password)
        if account is None or not proven or not account.is_active:
            raise NotAuthenticatedError("invalid_credentials", "wrong username or password")
        token, expires_in = self._tokens.issue(account, self._clock.now())
        return SignedIn(account, token, expires_in)


class IdentifyAccount:
    """Tell whose access token this is."""

    def __init__(self, accounts: AccountStore, tokens: Tokens, clock: Clock) -> None:
        self._accounts, self._tokens, self._clock = accounts, tokens, clock

    async def __call__(self, token: str) -> Account:
        """Return the account as it is now, not as it was when the token was issued.

        Raises:
            NotAuthenticatedError: The token proves nothing, or its account is gone or inactive.
        """
        account = await self._accounts.find(self._tokens.verify(token, self._clock.now()))
        if account is None or not account.is_active:
            raise NotAuthenticatedError("inactive_account", "the account is not active")
        return account


class IdentifyKey:
    """Tell which key of which project this is."""

    def __init__(self, keys: KeyStore, maker: KeyMaker, clock: Clock) -> None:
        self._keys, self._maker, self._clock = keys, maker, clock

    async def __call__(self, key: str) -> tuple[ApiKey, Project]:
        """Return the key and its project.

        Raises:
            NotAuthenticatedError: There is no such key, or it is expired or revoked.
        """
        found = await self._keys.find(self._maker.hash(key))
        if found is None or not found[0].is_usable(self._clock.now()):
            raise NotAuthenticatedError("invalid_key", "the key is unknown, expired or revoked")
        return found
