"""Give people accounts and programs keys."""

from collections.abc import Iterable
from datetime import datetime

from eventanalytics.domain.access import (
    Account,
    ApiKey,
    Role,
    Scope,
    account_faults,
    check_key,
)
from eventanalytics.domain.events import ProjectId
from eventanalytics.errors import InvalidInputError
from eventanalytics.ports.access import AccountStore, KeyMaker, KeyStore, PasswordHasher
from eventanalytics.ports.clock import Clock


class CreateAccount:
    """Make an account for a person."""

    def __init__(self, accounts: AccountStore, hasher: PasswordHasher, clock: Clock) -> None:
        self._accounts, self._hasher, self._clock = accounts, hasher, clock

    async def __call__(self, *, username: str, email: str, password: str, role: Role) -> Account:
        """Return the account made.

        Raises:
            InvalidInputError: The username, address or password breaks a rule.
            AlreadyExistsError: The username or the address is taken.
        """
        if faults := account_faults(username, email, password):
            raise InvalidInputError(faults)
        return await self._accounts.create(
            username=username,
            email=email,
            password_hash=await self._hasher.hash(password),
            role=role,
            created_at=self._clock.now(),
        )


class CreateKey:
    """Make a key for a program."""

    def __init__(self, keys: KeyStore, maker: KeyMaker, clock: Clock) -> None:
        self._keys, self._maker, self._clock = keys, maker, clock

    async def __call__(
        self,
        project: ProjectId,
        *,
        name: str,
        scopes: Iterable[Scope],
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """Return what is kept of the key, and the key itself, which nothing can show again.

        Raises:
            InvalidInputError: There is no name or no scope.
        """
        granted = frozenset(scopes)
        check_key(name, granted)
        key, prefix = self._maker.make()
        kept = await self._keys.create(
            project,
            name=name,
            prefix=prefix,
            key_hash=self._maker.hash(key),
            scopes=granted,
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        return kept, key
