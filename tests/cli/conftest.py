"""A small world behind ``eventanalytics query``, the same every time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from dependency_injector import providers
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics.domain.access import Scope
from eventanalytics.domain.events import Submission
from eventanalytics.memory import FixedClock
from eventanalytics_adapters.cli.main import cli
from eventanalytics_adapters.cli.store import Entry, Report, Store
from eventanalytics_adapters.container import Container, in_memory_container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.settings import Settings

NOW = datetime(2025, 8, 30, 12, tzinfo=UTC)

Happening: TypeAlias = tuple[str, str, str, Mapping[str, Any]]
"""Who, what, when, and the properties."""


class Asked:
    """The commands, and the events that they are asked about."""

    def __init__(self) -> None:
        self.container = in_memory_container(Settings())
        self.container.clock.override(providers.Object(FixedClock(NOW)))
        self.opened = 0

    def record(self, happenings: list[Happening]) -> None:
        """Store what happened."""
        asyncio.run(self._record(happenings))

    async def _record(self, happenings: list[Happening]) -> None:
        if await self.container.projects().find("default") is None:
            await self.container.projects().create("default", "Default")
        events = [
            Submission(
                event_id=UUID(int=n),
                user_id=who,
                event_type=what,
                occurred_at=datetime.fromisoformat(when),
                properties=dict(properties),
            )
            for n, (who, what, when, properties) in enumerate(happenings, 1)
        ]
        project = await self.container.find_project()("default")
        receipt = await self.container.record_events()(project.id, events)
        assert receipt.rejected == 0, receipt

    def run(
        self,
        *arguments: str,
        stdin: str | None = None,
        charset: str = "utf-8",
        **environment: str,
    ) -> Result:
        """Run a command of ``query`` on 80 columns."""

        @contextmanager
        def find_store(settings: Settings, data_dir: Path, report: Report) -> Iterator[Store]:
            self.opened += 1
            yield _InMemory(self.container)

        return CliRunner(charset=charset).invoke(
            cli,
            ["query", *arguments],
            obj=Entry(Settings(), find_store),
            input=stdin,
            env={"COLUMNS": "80", **environment},
        )

    def picture(self, *arguments: str, **environment: str) -> str:
        """Return what a command draws, which must succeed."""
        done = self.run(*arguments, **environment)
        assert done.exit_code == 0, done.output
        assert done.stderr == ""
        return done.stdout

    @asynccontextmanager
    async def api(self) -> AsyncIterator[AsyncTestClient[Litestar]]:
        """Give the API over the same events, with a key that reads them."""
        project = await self.container.find_project()("default")
        _, key = await self.container.create_key()(project.id, name="read", scopes=[Scope.READ])
        app = create_app(self.container, lifespan=None)
        async with AsyncTestClient(app) as client:
            client.headers["X-API-Key"] = key
            yield client


class _InMemory:
    def __init__(self, container: Container) -> None:
        self._container = container

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Container]:
        yield self._container


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The commands over no events."""
    for name in ("DEBUG", "EVENTANALYTICS_KEY", "EVENTANALYTICS_DATA_DIR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        "eventanalytics_adapters.cli.querying.asking.SystemClock", lambda: FixedClock(NOW)
    )
    return Asked()


@pytest.fixture
def shop(asked: Asked) -> Asked:
    """The commands over four weeks of a small shop."""
    asked.record(shop_happenings())
    return asked


@pytest.fixture
def at() -> Callable[[int, float], str]:
    """Return what tells the time at an hour of a day of August 2025."""
    return lambda day, hour: (
        datetime(2025, 8, day, tzinfo=UTC) + timedelta(hours=hour)
    ).isoformat()


def shop_happenings() -> list[Happening]:
    """Return some hundred events of people who sign up, look at items, and sometimes buy."""
    chance = Random(7).random
    found: list[Happening] = []
    for number in range(60):
        user, first = f"u{number:02}", number * 26 // 60
        properties = {"country": ("UA", "PL", "DE")[int(chance() ** 2 * 3)]}
        plan = {"plan": "pro"} if chance() < 0.3 else {}
        for day in range(first, 28):
            if day > first and chance() > 0.6 / (1 + (day - first) / 3):
                continue
            time = datetime(2025, 8, 1, 8, tzinfo=UTC) + timedelta(days=day, hours=12 * chance())
            ways = ["sign_up"] if day == first else ["open"]
            ways += ["view_item"] * int(1 + 3 * chance())
            if chance() < 0.4:
                ways.append("add_to_cart")
                ways += ["purchase"] if chance() < 0.5 else []
            for what in ways:
                price = {"price": int(5 + 95 * chance())} if what == "purchase" else {}
                found.append((user, what, time.isoformat(), {**properties, **plan, **price}))
                time += timedelta(seconds=int(20 + 400 * chance()))
    return found
