"""The wiring: what is handed in, what replaces what, and the entry point of a worker."""

from contextlib import asynccontextmanager
from typing import Any

import pytest
from dependency_injector import providers
from litestar.testing import AsyncTestClient

from eventanalytics.memory import InMemoryEventStore
from eventanalytics_adapters.container import Container, in_memory_container, open_postgres
from eventanalytics_adapters.http import asgi, create_app
from eventanalytics_adapters.settings import Settings, SettingsError

SECRET = "a secret of more than 32 bytes, for tests"


def test_one_line_puts_another_adapter_behind_a_port() -> None:
    container = in_memory_container(Settings(jwt_secret_key=SECRET))
    mine = InMemoryEventStore()
    container.event_store.override(providers.Object(mine))
    assert container.event_store() is mine
    assert vars(container.record_events())["_store"] is mine


def test_stores_are_shared_and_use_cases_are_not() -> None:
    container = in_memory_container(Settings(jwt_secret_key=SECRET))
    assert container.hasher() is container.hasher()
    assert container.list_events() is not container.list_events()


def test_no_two_containers_share_a_store() -> None:
    settings = Settings(jwt_secret_key=SECRET)
    assert in_memory_container(settings).projects() is not in_memory_container(settings).projects()


async def test_the_lifespan_is_around_the_servers_life(container: Container) -> None:
    seen: list[Any] = []

    @asynccontextmanager
    async def lifespan(given: Container) -> Any:
        seen.append(given)
        yield
        seen.append("closed")

    async with AsyncTestClient(create_app(container, lifespan=lifespan)) as api:
        assert (await api.get("/health")).status_code == 200
        assert seen == [container]
    assert seen == [container, "closed"]


async def test_a_server_needs_a_database() -> None:
    container = Container(settings=Settings(jwt_secret_key=SECRET))
    with pytest.raises(SettingsError) as caught:
        async with open_postgres(container):
            pass
    assert caught.value.faults[0].path == "DATABASE_URL"


async def test_a_database_that_is_away_is_a_503_and_no_crash() -> None:
    settings = Settings(
        jwt_secret_key=SECRET,
        database_url="host=127.0.0.1 port=1 user=u password=secret dbname=d connect_timeout=1",
    )
    async with AsyncTestClient(create_app(Container(settings=settings))) as api:
        answer = await api.get("/health")
    assert answer.status_code == 503
    assert answer.json()["checks"]["store"]["status"] == "failed"
    assert "127.0.0.1" not in answer.text


@pytest.mark.parametrize("secret", [None, "short", "a" * 64])
def test_a_worker_without_a_good_secret_does_not_start(
    monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    environment = {} if secret is None else {"JWT_SECRET_KEY": secret}
    monkeypatch.setattr("os.environ", environment)
    with pytest.raises(SettingsError) as caught:
        asgi.create()
    assert caught.value.faults[0].path == "JWT_SECRET_KEY"


def test_a_worker_takes_its_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    configured: list[Settings] = []
    monkeypatch.setattr("os.environ", {"JWT_SECRET_KEY": SECRET, "MAX_BODY_BYTES": "77"})
    monkeypatch.setattr(asgi, "configure_logging", configured.append)
    app = asgi.create()
    assert app.request_max_body_size == 77
    assert configured[0].jwt_secret_key == SECRET
