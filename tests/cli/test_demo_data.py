"""``demo-data`` over a store in memory, and into files."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from dependency_injector import providers

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.memory import FixedClock, InMemoryEventStore
from eventanalytics_adapters.cli.main import cli
from eventanalytics_adapters.cli.store import Entry, Report, Store
from eventanalytics_adapters.container import Container, in_memory_container
from eventanalytics_adapters.settings import Settings

NOW = datetime(2025, 12, 1, 12, tzinfo=UTC)


class World:
    """The command, and what is behind it."""

    def __init__(self) -> None:
        self.container = in_memory_container(Settings())
        self.container.clock.override(providers.Object(FixedClock(NOW)))

    def run(self, *arguments: str) -> Result:
        return self.command("demo-data", *arguments)

    def command(self, *arguments: str) -> Result:
        @contextmanager
        def find_store(settings: Settings, data_dir: Path, report: Report) -> Iterator[Store]:
            yield _InMemory(self.container)

        return CliRunner().invoke(cli, arguments, obj=Entry(Settings(), find_store))

    @property
    def events(self) -> list[Event]:
        store = self.container.event_store()
        assert isinstance(store, InMemoryEventStore)
        return list(store.all(ProjectId(1)))


class _InMemory:
    def __init__(self, container: Container) -> None:
        self._container = container

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Container]:
        if await self._container.projects().find("default") is None:
            await self._container.projects().create("default", "Default")
        yield self._container


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    for name in ("DEBUG", "EVENTANALYTICS_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    return World()


def test_each_event_is_stored_once_and_again_none(world: World) -> None:
    done = world.run("--events", "3000")
    assert done.exit_code == 0, done.output
    assert "created 3,000, duplicates " in done.stdout
    assert "conflicts 0, rejected 0, " in done.stdout
    assert len(world.events) == 3000
    again = world.run("--events", "3000")
    assert again.exit_code == 0
    assert "created 0, " in again.stdout
    assert len(world.events) == 3000
    assert list(Path().iterdir()) == []


def test_another_seed_adds_events(world: World) -> None:
    world.run("--events", "200", "--seed", "1")
    world.run("--events", "200", "--seed", "-2")
    assert len(world.events) == 400


def test_a_file_holds_what_would_be_stored(world: World) -> None:
    for name in ("demo.csv", "demo.ndjson"):
        done = world.run("--events", "500", "--output", name)
        assert done.exit_code == 0, done.output
        assert ", 500 distinct events, to " in done.stdout
    assert world.events == []
    world.run("--events", "500")
    stored = {event.event_id: event for event in world.events}
    posted = [json.loads(line) for line in Path("demo.ndjson").read_text().splitlines()]
    assert {UUID(one["event_id"]) for one in posted} == stored.keys()
    for one in posted:
        event = stored[UUID(one["event_id"])]
        assert (one["user_id"], one["event_type"]) == (event.user_id, event.event_type)
        assert datetime.fromisoformat(one["occurred_at"]) == event.occurred_at
        assert one["properties"] == event.properties
    imported = world.command("import", "demo.csv")
    assert imported.exit_code == 0
    assert f"created 0, duplicates {len(posted)}, conflicts 0, rejected 0" in imported.stdout
    assert sorted(path.name for path in Path().iterdir()) == ["demo.csv", "demo.ndjson"]


def test_the_last_day_and_how_many_there_are_can_be_chosen(world: World) -> None:
    world.run("--events", "300", "--days", "2", "--end", "2025-11-30")
    days = {event.occurred_at.date().isoformat() for event in world.events}
    assert days == {"2025-11-29", "2025-11-30"}


def test_a_day_that_is_not_over_cannot_be_stored(world: World) -> None:
    done = world.run("--events", "300", "--end", "2025-12-01")
    assert done.exit_code == 2
    assert "2025-12-01 is not over" in done.stderr
    assert world.events == []
    assert world.run("--events", "9", "--end", "2025-12-01", "--output", "x.csv").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "demo.json"], "must end in .csv or .ndjson"),
        (["--output", "demo.csv", "--project", "p"], "--project has no meaning"),
        (["--days", "400", "--end", "1971-01-01"], "a world begins after 1970"),
        (["--days", "400", "--end", "0001-01-01"], "out of range"),
        (["--events", "0"], "--events"),
        (["--days", "0"], "--days"),
        (["--project", "none"], "none"),
    ],
)
def test_what_has_no_meaning_is_said(world: World, arguments: list[str], message: str) -> None:
    done = world.run(*arguments)
    assert done.exit_code != 0
    assert message in done.stderr
    assert list(Path().iterdir()) == []


def test_a_file_that_is_not_finished_is_not_left_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("eventanalytics_adapters.cli.demo_data.lines", stopped)
    done = world.run("--events", "500", "--output", "demo.csv")
    assert done.exit_code == 130
    assert "Stopped." in done.stdout
    assert list(Path().iterdir()) == []
