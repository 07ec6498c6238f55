"""Passwords are hashed slowly, a few at a time, and a missing account costs the same."""

import threading
import time
from collections.abc import Callable
from typing import Any, Literal

import anyio
import pytest
from argon2 import PasswordHasher as Argon2

from eventanalytics.ports.access import PasswordHasher
from eventanalytics_adapters.auth import Argon2PasswordHasher


class WatchedArgon2(Argon2):
    """Argon2 with next to no strength, which notes what it is asked, and by how many at once."""

    def __init__(self, pause: float = 0.0) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.pause = pause
        self.calls: list[str] = []
        self.threads: set[int] = set()
        self.running = self.most = 0
        self._lock = threading.Lock()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        return str(self._watched("hash", super().hash, password))

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self._watched("verify", super().verify, hash, password)
        return True

    def _watched(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.calls.append(name)
            self.threads.add(threading.get_ident())
        try:
            time.sleep(self.pause)
            return call(*args)
        finally:
            with self._lock:
                self.running -= 1


@pytest.fixture
def argon2() -> WatchedArgon2:
    return WatchedArgon2()


@pytest.fixture
def hasher(argon2: WatchedArgon2) -> PasswordHasher:
    return Argon2PasswordHasher(argon2=argon2)


async def test_a_hash_is_its_passwords_and_no_others(hasher: PasswordHasher) -> None:
    hashed = await hasher.hash("correct horse")
    assert await hasher.verify(hashed, "correct horse")
    assert not await hasher.verify(hashed, "Correct horse")


async def test_equal_passwords_have_different_hashes(hasher: PasswordHasher) -> None:
    assert await hasher.hash("correct horse") != await hasher.hash("correct horse")


@pytest.mark.parametrize("password", ["пароль ✓", "a" * 1024, "nul\0inside"])
async def test_any_text_may_be_a_password(hasher: PasswordHasher, password: str) -> None:
    hashed = await hasher.hash(password)
    assert await hasher.verify(hashed, password)
    assert not await hasher.verify(hashed, password[:-1])


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$2b$12$x"])
async def test_a_broken_hash_is_nobodys(hasher: PasswordHasher, broken: str) -> None:
    assert not await hasher.verify(broken, "plain")


async def test_without_a_hash_the_same_work_is_done(
    hasher: PasswordHasher, argon2: WatchedArgon2
) -> None:
    assert not await hasher.verify(None, "correct horse")
    assert argon2.calls == ["hash"]


async def test_the_event_loop_goes_on_while_hashing(
    hasher: PasswordHasher, argon2: WatchedArgon2
) -> None:
    await hasher.hash("correct horse")
    assert threading.get_ident() not in argon2.threads


async def test_only_so_many_run_at_once() -> None:
    argon2 = WatchedArgon2(pause=0.02)
    hasher = Argon2PasswordHasher(argon2=argon2, concurrency=2)
    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(hasher.verify, None, "correct horse")
    assert len(argon2.calls) == 8
    assert argon2.most == 2


async def test_the_default_is_argon2id_with_64_mib() -> None:
    hashed = await Argon2PasswordHasher().hash("correct horse")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
