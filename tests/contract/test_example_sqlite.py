"""The adapter that docs/adapters.md shows is one: it passes the suite, as a user's own would."""

import importlib.util
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eventanalytics import ProjectId
from eventanalytics.testing.contracts import EventStoreContract, NewProject

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "sqlite_event_store.py"


@pytest.fixture(scope="module")
def event_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("sqlite_event_store", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    store = example.SqliteEventStore(str(tmp_path_factory.mktemp("sqlite") / "events.db"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def new_project() -> NewProject:
    numbers = itertools.count(1)

    async def new() -> ProjectId:
        return ProjectId(next(numbers))

    return new


class TestSqliteEventStore(EventStoreContract):
    pass
