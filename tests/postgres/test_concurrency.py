"""Many callers at once, and connections that die: every event once, every answer true."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.events import Event, ProjectId, Verdict
from eventanalytics.domain.filters import EventFilter
from eventanalytics.errors import QueryTimeoutError, StoreUnavailableError
from eventanalytics.testing.contracts import NewProject
from eventanalytics.testing.contracts.rules import EVERYTHING, SIGN_UP
from eventanalytics_adapters.postgres import (
    PostgresEventStore,
    PostgresHealth,
    event_store,
    open_pool,
)

CREATED, DUPLICATE, CONFLICT = Verdict.CREATED, Verdict.DUPLICATE, Verdict.CONFLICT
_change = msgspec.structs.replace


def event(number: int, **changes: object) -> Event:
    return _change(SIGN_UP, event_id=UUID(int=number), **changes)


@pytest.fixture
def store(postgres_pool: AsyncConnectionPool) -> PostgresEventStore:
    return PostgresEventStore(postgres_pool)


@pytest.fixture
async def other_connection(postgres_dsn: str) -> AsyncIterator[AsyncConnection]:
    """A connection beside the pool, each statement of which commits by itself."""
    async with await AsyncConnection.connect(postgres_dsn, autocommit=True) as connection:
        yield connection


async def until_one_waits(connection: AsyncConnection) -> int:
    """Wait until a connection of the pool waits for a lock, and return its process."""
    for _ in range(500):
        found = await connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'eventanalytics' AND wait_event_type = 'Lock'"
        )
        if row := await found.fetchone():
            return int(row[0])
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits")


@pytest.mark.parametrize("seed", range(5))
async def test_overlapping_batches_in_any_order_store_every_id_once(
    store: PostgresEventStore,
    new_project: NewProject,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr(event_store, "ATTEMPTS", 1)  # no deadlock may hide behind a second one
    project, shuffled = await new_project(), random.Random(seed)
    batches = [shuffled.sample(range(300), 200) for _ in range(8)]

    async def append(batch: Sequence[int]) -> Counter[int]:
        verdicts = await store.append(project, [event(number) for number in batch])
        assert set(verdicts) <= {CREATED, DUPLICATE}
        pairs = zip(batch, verdicts, strict=True)
        return Counter(number for number, verdict in pairs if verdict is CREATED)

    created = sum(await asyncio.gather(*map(append, batches)), Counter[int]())
    assert created == Counter(set().union(*batches))
    stored = await store.list(project, EVERYTHING, limit=1_000)
    assert Counter(one.event_id.int for one in stored) == created


async def test_of_two_contents_at_once_one_wins_and_the_other_is_a_conflict(
    store: PostgresEventStore, new_project: NewProject
) -> None:
    project = await new_project()
    contents = [[event(number, user_id=f"user {i}") for number in range(50)] for i in range(8)]
    receipts = await asyncio.gather(*(store.append(project, batch) for batch in contents))
    for number in range(50):
        verdicts = [receipt[number] for receipt in receipts]
        kept = await store.get(project, UUID(int=number))
        assert kept is not None
        assert Counter(verdicts) == {CREATED: 1, CONFLICT: 7}
        assert contents[verdicts.index(CREATED)][number] == kept


@pytest.mark.parametrize(("user_id", "verdict"), [("ann", DUPLICATE), ("bob", CONFLICT)])
async def test_an_event_that_is_committed_meanwhile_is_compared_with(
    store: PostgresEventStore,
    new_project: NewProject,
    postgres_dsn: str,
    user_id: str,
    verdict: Verdict,
) -> None:
    project = await new_project()
    async with (
        await AsyncConnection.connect(postgres_dsn, autocommit=True) as observer,
        await AsyncConnection.connect(postgres_dsn) as winner,
    ):
        await insert(winner, project, event(1, user_id=user_id))
        ours = asyncio.create_task(store.append(project, [event(0), event(1)]))
        await until_one_waits(observer)
    assert list(await ours) == [CREATED, verdict]


async def test_an_event_that_is_deleted_meanwhile_is_stored_after_all(
    store: PostgresEventStore,
    new_project: NewProject,
    other_connection: AsyncConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = await new_project()
    await store.append(project, [event(1, user_id="bob")])
    compare = event_store._compare

    async def delete_and_compare(
        connection: AsyncConnection, project: ProjectId, events: Sequence[Event]
    ) -> Sequence[bool]:
        await other_connection.execute(b"DELETE FROM event WHERE project_id = %s", [project])
        return await compare(connection, project, events)

    monkeypatch.setattr(event_store, "_compare", delete_and_compare)
    assert list(await store.append(project, [event(0), event(1)])) == [CREATED, CREATED]
    assert len(await store.list(project, EVERYTHING, limit=10)) == 2


async def test_an_append_that_is_killed_stores_nothing_and_may_be_repeated(
    store: PostgresEventStore,
    new_project: NewProject,
    postgres_dsn: str,
    other_connection: AsyncConnection,
) -> None:
    project = await new_project()
    async with await AsyncConnection.connect(postgres_dsn) as blocker:
        await insert(blocker, project, event(5))
        ours = asyncio.create_task(store.append(project, [event(number) for number in range(9)]))
        pid = await until_one_waits(other_connection)
        await other_connection.execute(b"SELECT pg_terminate_backend(%s)", [pid])
        with pytest.raises(StoreUnavailableError):
            await ours
        await blocker.rollback()
    assert await store.list(project, EVERYTHING, limit=10) == []
    batch = [event(number) for number in range(9)]
    assert list(await store.append(project, batch)) == [CREATED] * 9
    assert list(await store.append(project, batch)) == [DUPLICATE] * 9


async def test_an_append_that_is_killed_between_its_statements_stores_nothing(
    store: PostgresEventStore,
    new_project: NewProject,
    other_connection: AsyncConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = await new_project()
    await store.append(project, [event(1)])
    compare = event_store._compare

    async def die_and_compare(
        connection: AsyncConnection, project: ProjectId, events: Sequence[Event]
    ) -> Sequence[bool]:
        pid = connection.info.backend_pid
        await other_connection.execute(b"SELECT pg_terminate_backend(%s, 5000)", [pid])
        return await compare(connection, project, events)

    monkeypatch.setattr(event_store, "_compare", die_and_compare)
    with pytest.raises(StoreUnavailableError):
        await store.append(project, [event(0), event(1), event(2)])
    assert [one.event_id.int for one in await store.list(project, EVERYTHING, limit=9)] == [1]


async def test_connections_that_died_idle_are_replaced_without_an_error(
    store: PostgresEventStore,
    new_project: NewProject,
    postgres_pool: AsyncConnectionPool,
    other_connection: AsyncConnection,
) -> None:
    project = await new_project()
    await asyncio.gather(*(store.append(project, [event(number)]) for number in range(8)))
    await other_connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'eventanalytics'"
    )
    repeats = (store.append(project, [event(number)]) for number in range(8))
    assert await asyncio.gather(*repeats) == [[DUPLICATE]] * 8


async def test_a_cancelled_append_stores_nothing(
    store: PostgresEventStore,
    new_project: NewProject,
    postgres_dsn: str,
    other_connection: AsyncConnection,
) -> None:
    project = await new_project()
    async with await AsyncConnection.connect(postgres_dsn) as blocker:
        await insert(blocker, project, event(5))
        ours = asyncio.create_task(store.append(project, [event(number) for number in range(9)]))
        await until_one_waits(other_connection)
        ours.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ours
        await blocker.rollback()
    assert await store.list(project, EVERYTHING, limit=10) == []


async def test_a_statement_that_takes_too_long_is_given_up(
    postgres_dsn: str, new_project: NewProject
) -> None:
    project = await new_project()
    timeout = timedelta(milliseconds=200)
    async with (
        open_pool(postgres_dsn, min_size=1, max_size=1, statement_timeout=timeout) as pool,
        await AsyncConnection.connect(postgres_dsn) as blocker,
    ):
        await insert(blocker, project, event(1))
        with pytest.raises(QueryTimeoutError):
            async with asyncio.timeout(20):  # to fail where it would wait for ever
                await PostgresEventStore(pool).append(project, [event(1)])


async def test_a_pool_without_a_free_connection_is_unavailable(
    postgres_dsn: str, new_project: NewProject
) -> None:
    project, wait = await new_project(), timedelta(milliseconds=100)
    async with open_pool(postgres_dsn, min_size=1, max_size=1, wait=wait) as pool:
        store = PostgresEventStore(pool)
        async with pool.connection():
            for call in (
                store.append(project, [SIGN_UP]),
                store.get(project, SIGN_UP.event_id),
                store.list(project, EventFilter(), limit=1),
            ):
                with pytest.raises(StoreUnavailableError, match="free"):
                    await call


async def test_a_healthy_store_passes(postgres_pool: AsyncConnectionPool) -> None:
    await PostgresHealth(postgres_pool).check()


async def test_a_store_without_tables_is_not_healthy(empty_postgres_dsn: str) -> None:
    async with open_pool(empty_postgres_dsn, min_size=1, max_size=1) as pool:
        with pytest.raises(StoreUnavailableError, match="migrated"):
            await PostgresHealth(pool).check()
        with pytest.raises(StoreUnavailableError, match="migrated"):
            await PostgresEventStore(pool).append(ProjectId(1), [SIGN_UP])


async def insert(connection: AsyncConnection, project: ProjectId, one: Event) -> None:
    """Insert an event as another program would, without a commit of our own."""
    await connection.execute(
        b"INSERT INTO event VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)",
        [
            one.event_id,
            one.occurred_at,
            one.received_at,
            project,
            one.user_id,
            one.event_type,
            msgspec.json.encode(one.properties).decode(),
        ],
    )
