"""Passwords, hashed with argon2id in worker threads."""

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError

DEFAULT_CONCURRENCY = 2


class Argon2PasswordHasher:
    """Hashes with argon2id at the strength of RFC 9106's second recommendation.

    One hash takes 64 MiB and some ten milliseconds of several cores, so at most *concurrency* run
    at once and the rest wait: a flood of sign-ins can take neither the memory nor all the time of
    the process. Each hash carries its own parameters and salt.
    """

    def __init__(
        self, *, argon2: Argon2 | None = None, concurrency: int = DEFAULT_CONCURRENCY
    ) -> None:
        self._argon2 = Argon2() if argon2 is None else argon2
        self._limiter = CapacityLimiter(concurrency)

    async def hash(self, password: str) -> str:
        return await to_thread.run_sync(self._argon2.hash, password, limiter=self._limiter)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        if password_hash is None:
            await self.hash(password)  # the same work as a comparison, with nothing to compare to
            return False
        return await to_thread.run_sync(
            self._matches, password_hash, password, limiter=self._limiter
        )

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
