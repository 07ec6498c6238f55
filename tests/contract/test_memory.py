"""The adapters in memory keep the contracts that they are the reference of."""

from collections.abc import Iterator
from itertools import count

import pytest

from eventanalytics.domain.events import ProjectId
from eventanalytics.memory import (
    InMemoryAccountStore,
    InMemoryEventStore,
    InMemoryInsights,
    InMemoryKeyStore,
    InMemoryProjectStore,
)
from eventanalytics.testing.contracts import (
    AccountStoreContract,
    EventStoreContract,
    InsightsContract,
    KeyStoreContract,
    NewProject,
    ProjectStoreContract,
)


@pytest.fixture(scope="module")
def event_store() -> InMemoryEventStore:
    return InMemoryEventStore()


@pytest.fixture(scope="module")
def insights(event_store: InMemoryEventStore) -> InMemoryInsights:
    return InMemoryInsights(event_store)


@pytest.fixture(scope="module")
def new_project() -> NewProject:
    ids: Iterator[int] = count(1)

    async def make() -> ProjectId:
        return ProjectId(next(ids))

    return make


@pytest.fixture(scope="module")
def project_store() -> InMemoryProjectStore:
    return InMemoryProjectStore()


@pytest.fixture(scope="module")
def account_store() -> InMemoryAccountStore:
    return InMemoryAccountStore()


@pytest.fixture(scope="module")
def key_store(project_store: InMemoryProjectStore) -> InMemoryKeyStore:
    return InMemoryKeyStore(project_store)


class TestInMemoryEventStore(EventStoreContract):
    pass


class TestInMemoryInsights(InsightsContract):
    pass


class TestInMemoryProjectStore(ProjectStoreContract):
    pass


class TestInMemoryAccountStore(AccountStoreContract):
    pass


class TestInMemoryKeyStore(KeyStoreContract):
    pass
