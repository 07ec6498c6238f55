"""The API over memory, with a clock that stands still, an account of each role, and keys."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

import pytest
from argon2 import PasswordHasher as Argon2
from dependency_injector import providers
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics.domain.access import Account, Role, Scope
from eventanalytics.memory import FixedClock
from eventanalytics_adapters.auth import Argon2PasswordHasher
from eventanalytics_adapters.container import Container, in_memory_container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.http.wire.examples import EVENTS
from eventanalytics_adapters.settings import Settings

NOW = datetime(2025, 8, 21, 12, tzinfo=UTC)

Headers: TypeAlias = dict[str, str]
Ask: TypeAlias = Callable[[str, dict[str, Any]], Awaitable[Any]]


class CountingHasher(Argon2PasswordHasher):
    """Argon2 with next to no strength, which notes what it is asked to verify."""

    def __init__(self) -> None:
        super().__init__(argon2=Argon2(time_cost=1, memory_cost=8, parallelism=1))
        self.verified: list[str | None] = []

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.verified.append(password_hash)
        return await super().verify(password_hash, password)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def settings() -> Settings:
    return Settings(jwt_secret_key="a secret of more than 32 bytes, for tests")


@pytest.fixture
async def container(
    settings: Settings, clock: FixedClock, hasher: CountingHasher
) -> AsyncIterator[Container]:
    made = in_memory_container(settings)
    made.override_providers(clock=providers.Object(clock), hasher=providers.Object(hasher))
    await made.create_project()("default", "Default")
    await made.create_project()("shop", "Shop")
    yield made
    made.unwire()


@pytest.fixture
async def people(container: Container) -> dict[str, Account]:
    """An account for each role, its username the role's, the password the same for all."""
    return {
        role.value: await container.create_account()(
            username=role.value,
            email=f"{role.value}@example.org",
            password="correct horse",
            role=role,
        )
        for role in Role
    }


@pytest.fixture
def signed_in(
    container: Container, people: dict[str, Account], clock: FixedClock
) -> Callable[[str], Headers]:
    """Return what makes the headers of someone who signed in just now."""

    def headers(username: str) -> Headers:
        token, _ = container.tokens().issue(people[username], clock.now())
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def admin(signed_in: Callable[[str], Headers]) -> Headers:
    return signed_in("admin")


@pytest.fixture
async def keys(container: Container, clock: FixedClock) -> dict[str, Headers]:
    """The headers of keys of every kind."""
    kinds: dict[str, dict[str, Any]] = {
        "ingest": {"scopes": [Scope.INGEST]},
        "read": {"scopes": [Scope.READ]},
        "both": {"scopes": list(Scope)},
        "shop": {"scopes": list(Scope), "project": "shop"},
        "expired": {"scopes": list(Scope), "expires_at": NOW},
        "expiring": {"scopes": list(Scope), "expires_at": NOW + timedelta(microseconds=1)},
        "revoked": {"scopes": list(Scope)},
    }
    made: dict[str, Headers] = {}
    for name, kind in kinds.items():
        project = await container.find_project()(kind.pop("project", "default"))
        _, key = await container.create_key()(project.id, name=name, **kind)
        made[name] = {"X-API-Key": key}
    revoked = made["revoked"]["X-API-Key"]
    await container.keys().revoke(container.key_maker().hash(revoked), NOW)
    return made


@pytest.fixture
def app(container: Container) -> Litestar:
    return create_app(container, lifespan=None)


@pytest.fixture
async def api(app: Litestar) -> AsyncIterator[AsyncTestClient[Litestar]]:
    async with AsyncTestClient(app) as client:
        yield client


@pytest.fixture
async def wire(app: Litestar) -> AsyncIterator[AsyncClient]:
    """A client that sends headers and pieces of bodies as they are, which Litestar's does not."""
    transport = ASGITransport(cast("Any", app))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def ask(api: AsyncTestClient[Litestar], keys: dict[str, Headers]) -> Ask:
    """Return what asks a question of the world of the examples, and returns the answer."""
    posted = await api.post("/api/v1/events", json={"events": EVENTS}, headers=keys["ingest"])
    assert posted.status_code == 201

    async def asked(kind: str, body: dict[str, Any]) -> Any:
        answer = await api.post(f"/api/v1/query/{kind}", json=body, headers=keys["read"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked
