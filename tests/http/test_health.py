"""Health: well when the store is, and what ails it when it is not."""

import anyio
import pytest
from dependency_injector import providers
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics.errors import StoreUnavailableError
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.http.routes import health

Api = AsyncTestClient[Litestar]


class Ailing:
    """A store that cannot be reached, for a reason that is nobody's business."""

    async def check(self) -> None:
        raise StoreUnavailableError from ConnectionError("postgres://user:secret@db")


class Silent:
    """A store that never answers."""

    async def check(self) -> None:
        await anyio.sleep_forever()


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/health?_=1"])
async def test_all_is_well_when_the_store_is(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert answer.status_code == 200
    assert answer.json() == {"status": "healthy", "checks": {"store": {"status": "ok"}}}


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
async def test_an_ailing_store_is_named_without_secrets(container: Container, path: str) -> None:
    container.health.override(providers.Object(Ailing()))
    async with AsyncTestClient(create_app(container, lifespan=None)) as api:
        answer = await api.get(path)
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unhealthy",
        "checks": {"store": {"status": "failed", "detail": "the store cannot be reached"}},
    }


async def test_a_silent_store_is_not_waited_for(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 0.05)
    container.health.override(providers.Object(Silent()))
    async with AsyncTestClient(create_app(container, lifespan=None)) as api:
        answer = await api.get("/health")
    assert answer.status_code == 503
    assert answer.json()["checks"]["store"]["detail"] == (
        "the store does not answer within 0.05 seconds"
    )


async def test_the_process_lives_whatever_the_store_does(container: Container) -> None:
    container.health.override(providers.Object(Ailing()))
    async with AsyncTestClient(create_app(container, lifespan=None)) as api:
        answer = await api.get("/health/live")
    assert answer.status_code == 200
    assert answer.json() == {"status": "healthy", "checks": {}}
