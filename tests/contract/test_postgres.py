"""The adapters over Postgres keep every contract, on each version there is to test with."""

import pytest
from psycopg_pool import AsyncConnectionPool

from eventanalytics.testing.contracts import (
    AccountStoreContract,
    EventStoreContract,
    InsightsContract,
    KeyStoreContract,
    ProjectStoreContract,
)
from eventanalytics_adapters.postgres import (
    PostgresAccountStore,
    PostgresEventStore,
    PostgresInsights,
    PostgresKeyStore,
    PostgresProjectStore,
)


@pytest.fixture(scope="module")
def event_store(postgres_pool: AsyncConnectionPool) -> PostgresEventStore:
    return PostgresEventStore(postgres_pool)


@pytest.fixture(scope="module")
def insights(postgres_pool: AsyncConnectionPool) -> PostgresInsights:
    return PostgresInsights(postgres_pool)


@pytest.fixture(scope="module")
def project_store(postgres_pool: AsyncConnectionPool) -> PostgresProjectStore:
    return PostgresProjectStore(postgres_pool)


@pytest.fixture(scope="module")
def account_store(postgres_pool: AsyncConnectionPool) -> PostgresAccountStore:
    return PostgresAccountStore(postgres_pool)


@pytest.fixture(scope="module")
def key_store(postgres_pool: AsyncConnectionPool) -> PostgresKeyStore:
    return PostgresKeyStore(postgres_pool)


class TestPostgresEventStore(EventStoreContract):
    pass


class TestPostgresInsights(InsightsContract):
    pass


class TestPostgresProjectStore(ProjectStoreContract):
    pass


class TestPostgresAccountStore(AccountStoreContract):
    pass


class TestPostgresKeyStore(KeyStoreContract):
    pass
