"""A question that takes too long is given up: the caller is told, and the connection goes on."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
from dependency_injector import providers
from litestar import Litestar
from litestar.testing import AsyncTestClient
from psycopg import AsyncConnection, sql

from eventanalytics.domain.access import Scope
from eventanalytics.memory import FixedClock
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.http.wire.examples import COMPUTED_AT, EVENTS, EXAMPLES
from eventanalytics_adapters.settings import Settings

Api = AsyncTestClient[Litestar]

SETTINGS = Settings(
    jwt_secret_key="a secret of more than 32 bytes, for tests",
    postgres_pool_size=1,
    statement_timeout_seconds=1.0,
)
PROBLEM = {"status": 504, "code": "query_timeout", "errors": []}


@pytest.fixture
async def container(postgres_dsn: str) -> Container:
    made = Container(settings=msgspec.structs.replace(SETTINGS, database_url=postgres_dsn))
    # Postgres answers to the last digit what the examples say, given their time.
    made.clock.override(providers.Object(FixedClock(datetime.fromisoformat(COMPUTED_AT))))
    return made


@pytest.fixture
async def api(container: Container) -> AsyncIterator[Api]:
    async with AsyncTestClient(create_app(container)) as client:
        yield client


@pytest.fixture
async def key(api: Api, container: Container) -> dict[str, str]:
    """The key of a project with the events of the examples."""
    assert api is not None  # it has opened the pool
    project = await container.find_project()("default")
    _, made = await container.create_key()(project.id, name="key", scopes=list(Scope))
    headers = {"X-API-Key": made}
    posted = await api.post("/api/v1/events", json={"events": EVENTS}, headers=headers)
    assert posted.status_code == 201, posted.text
    return headers


async def asked(api: Api, name: str, headers: dict[str, str]) -> Any:
    """Ask the example's question."""
    request = EXAMPLES[name].request
    if name.startswith("schema/"):
        return await api.get(f"/api/v1/{name}", params=request, headers=headers)
    return await api.post(f"/api/v1/query/{name}", json=request, headers=headers)


async def test_every_question_that_takes_too_long_is_a_504_and_the_next_is_answered(
    api: Api, key: dict[str, str], postgres_dsn: str
) -> None:
    served_by = await backend(api, key, postgres_dsn)
    async with await AsyncConnection.connect(postgres_dsn) as blocker:
        await blocker.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
        for name in EXAMPLES:
            answer = await asked(api, name, key)
            assert answer.json() == answer.json() | PROBLEM, name
            assert answer.headers["content-type"] == "application/problem+json"
            assert "retry-after" not in answer.headers
        await blocker.rollback()
    for name, example in EXAMPLES.items():
        answer = await asked(api, name, key)
        assert answer.status_code == 200, answer.text
        assert answer.json() == example.answer, name
    assert await backend(api, key, postgres_dsn) == served_by


async def backend(api: Api, key: dict[str, str], dsn: str) -> Any:
    """Return which process of the server answers, the one connection there is being in use."""
    assert (await api.get("/api/v1/stats", headers=key)).status_code == 200
    async with await AsyncConnection.connect(dsn) as connection:
        found = await connection.execute(
            sql.SQL(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'eventanalytics'"
                " AND query LIKE '%event%'"
            )
        )
        return await found.fetchall()


async def test_a_computation_that_takes_too_long_is_a_504(
    api: Api, key: dict[str, str], postgres_dsn: str
) -> None:
    async with await AsyncConnection.connect(postgres_dsn, autocommit=True) as owner:
        await owner.execute("ALTER TABLE event RENAME TO event_kept")
        try:
            # Every row of this takes a second of the server's time.
            await owner.execute(
                "CREATE VIEW event AS SELECT event_kept.* FROM event_kept"
                " WHERE pg_sleep(1) IS NOT NULL"
            )
            answer = await asked(api, "trends", key)
            assert answer.json() == answer.json() | PROBLEM
        finally:
            await owner.execute("DROP VIEW IF EXISTS event")
            await owner.execute("ALTER TABLE event_kept RENAME TO event")
    assert (await asked(api, "trends", key)).status_code == 200
