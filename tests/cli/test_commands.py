"""The commands over a container in memory: options, messages, exit codes."""

import asyncio
import csv
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from dependency_injector import providers

from eventanalytics.domain.access import Role, Scope
from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.errors import EventAnalyticsError
from eventanalytics.memory import (
    FixedClock,
    InMemoryEventStore,
)
from eventanalytics_adapters.cli.main import cli
from eventanalytics_adapters.cli.store import Entry, Report, Store
from eventanalytics_adapters.container import Container, in_memory_container
from eventanalytics_adapters.settings import Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "event_id,occurred_at,user_id,event_type,properties_json"
IDS = [f"{number:08}-1111-4111-8111-111111111111" for number in range(100)]


class World:
    """The commands, and what is behind them."""

    def __init__(self) -> None:
        self.container = in_memory_container(Settings())
        self.container.clock.override(providers.Object(FixedClock(NOW)))
        self.found_in: list[Path] = []

    def run(self, *arguments: str, stdin: str | None = None, **environment: str) -> Result:
        @contextmanager
        def find_store(settings: Settings, data_dir: Path, report: Report) -> Iterator[Store]:
            self.found_in.append(data_dir)
            yield _InMemory(self.container)

        return CliRunner().invoke(
            cli, arguments, obj=Entry(Settings(), find_store), input=stdin, env=environment
        )

    @property
    def events(self) -> list[Event]:
        store = self.container.event_store()
        assert isinstance(store, InMemoryEventStore)
        return sorted(store.all(ProjectId(1)), key=lambda event: event.event_id)


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
    for name in ("DEBUG", "ADMIN_PASSWORD", "EVENTANALYTICS_KEY", "EVENTANALYTICS_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    return World()


def write(name: str, *lines: str) -> str:
    Path(name).write_text("\n".join([HEADER, *lines, ""]))
    return name


def line(number: int, user_id: str = "u", properties: str = "") -> str:
    return f"{IDS[number]},2025-08-01T10:00:00+03:00,{user_id},view,{properties}"


# import


def test_a_file_is_stored_and_summed_up(world: World) -> None:
    done = world.run("import", write("e.csv", line(0), line(1, properties='"{""a"": [1, null]}"')))
    assert (done.exit_code, done.stderr) == (0, "")
    [summary] = done.stdout.splitlines()
    assert summary.startswith("read 2, created 2, duplicates 0, conflicts 0, rejected 0, ")
    assert summary.endswith(" events/s")
    first, second = world.events
    assert (str(first.event_id), first.user_id, first.properties) == (IDS[0], "u", {})
    assert first.occurred_at == datetime(2025, 8, 1, 7, tzinfo=UTC)
    assert second.properties == {"a": [1, None]}
    assert not Path("e.rejected.csv").exists()


def test_importing_again_stores_nothing_twice(world: World) -> None:
    file = write("e.csv", *map(line, range(10)))
    world.run("import", file)
    done = world.run("import", file, "--batch-size", "3")
    assert done.exit_code == 0
    assert "read 10, created 0, duplicates 10, conflicts 0, rejected 0," in done.stdout
    assert len(world.events) == 10


def test_faulty_and_conflicting_lines_are_shown_and_kept(world: World) -> None:
    file = write("e.csv", line(0), "x,y,z", line(0, "other"), f"{line(1)[:-1]},[1]", line(2))
    done = world.run("import", file)
    assert done.exit_code == 1
    shown = done.stdout.splitlines()
    assert shown[0] == "line 3: has 3 values, the header has 5"
    assert shown[1].startswith("line 4: event_id: is stored already, with other content")
    assert shown[2] == "line 5: properties_json: must be an object"
    assert shown[3].startswith("read 5, created 2, duplicates 0, conflicts 1, rejected 2,")
    assert shown[4] == "The refused lines are in e.rejected.csv"
    with Path("e.rejected.csv").open(newline="") as rejected:
        rows = list(csv.DictReader(rejected))
    assert [row["line"] for row in rows] == ["3", "4", "5"]
    assert rows[1]["user_id"] == "other"


def test_refused_lines_can_be_mended_and_imported(world: World) -> None:
    world.run("import", write("e.csv", line(0), line(1).replace("view", "")))
    mended = Path("e.rejected.csv").read_text().replace(",u,,", ",u,view,")
    Path("e.rejected.csv").write_text(mended)
    done = world.run("import", "e.rejected.csv")
    assert done.exit_code == 0, done.output
    assert len(world.events) == 2


def test_refused_lines_go_where_one_says(world: World) -> None:
    done = world.run("import", write("e.csv", "x"), "--rejected", "bad.csv")
    assert done.exit_code == 1
    assert Path("bad.csv").exists()
    assert not Path("e.rejected.csv").exists()


def test_refused_lines_that_cannot_be_kept_end_the_import_with_a_sentence(world: World) -> None:
    done = world.run("import", write("e.csv", "x"), "--rejected", "no/such/folder.csv")
    assert done.exit_code == 1
    assert "no/such/folder.csv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"event_id,colour\n", "does not know the columns 'colour'"),
        (b"event_id\n", "lacks occurred_at, user_id, event_type, properties_json"),
        (b"\xff\xfee\x00", "is not UTF-8"),
    ],
)
def test_a_header_that_is_none_is_a_usage_error(world: World, content: bytes, said: str) -> None:
    Path("e.csv").write_bytes(content)
    done = world.run("import", "e.csv")
    assert done.exit_code == 2
    assert said in done.stderr
    assert world.found_in == []


def test_a_missing_file_is_a_usage_error(world: World) -> None:
    done = world.run("import", "none.csv")
    assert done.exit_code == 2
    assert "'none.csv' does not exist" in done.stderr


def test_a_url_needs_a_key(world: World) -> None:
    done = world.run("import", write("e.csv"), "--url", "http://localhost:1")
    assert done.exit_code == 2
    assert "--url needs --key" in done.stderr


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://", ""])
def test_a_url_must_be_one(world: World, url: str) -> None:
    done = world.run("import", write("e.csv"), "--url", url, "--key", "ea_x")
    assert done.exit_code == 2
    assert "--url must be an address" in done.stderr


def test_a_project_that_does_not_exist_is_said(world: World) -> None:
    done = world.run("import", write("e.csv", line(0)), "--project", "shop")
    assert done.exit_code == 1
    assert done.stderr == "Error: project: no project 'shop'\n"


# create-admin, create-key


def test_an_administrator_is_made_with_a_password_that_is_asked_for(world: World) -> None:
    done = world.run(
        *("create-admin", "--username", "ada", "--email", "ada@example.org"),
        stdin="correct horse\ncorrect horse\n",
    )
    assert done.exit_code == 0, done.output
    assert "correct horse" not in done.output
    assert "Made the account ada with the role admin." in done.stdout
    found = asyncio.run(world.container.accounts().find_by_username("ada"))
    assert found is not None
    assert (found[0].role, found[0].email) == (Role.ADMIN, "ada@example.org")


def test_the_password_may_come_from_the_environment(world: World) -> None:
    done = world.run(
        *("create-admin", "--username", "ada", "--email", "ada@example.org"),
        ADMIN_PASSWORD="correct horse",
    )
    assert done.exit_code == 0, done.output
    again = world.run(
        *("create-admin", "--username", "Ada", "--email", "b@example.org"),
        ADMIN_PASSWORD="correct horse",
    )
    assert (again.exit_code, again.stderr) == (1, "Error: username: 'Ada' is taken\n")


def test_what_is_wrong_with_an_account_is_said(world: World) -> None:
    done = world.run("create-admin", "--username", "a b", "--email", "x", "--password", "short")
    assert done.exit_code == 1
    for field in ("username: ", "email: ", "password: "):
        assert field in done.stderr


def found_key(world: World, key: str) -> tuple[set[Scope], datetime | None]:
    key_hash = world.container.key_maker().hash(key)
    found = asyncio.run(world.container.keys().find(key_hash))
    assert found is not None
    return set(found[0].scopes), found[0].expires_at


def test_a_key_stands_alone_on_standard_output(world: World) -> None:
    done = world.run("create-key", "--name", "phone")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("ea_")
    assert len(done.stdout.splitlines()) == 1
    assert found_key(world, done.stdout.strip()) == ({Scope.INGEST}, None)


def test_a_key_has_the_scopes_and_the_end_that_were_asked_for(world: World) -> None:
    done = world.run(
        *("create-key", "--name", "x", "--scope", "ingest", "--scope", "read"),
        *("--expires", "2027-01-01"),
    )
    assert done.exit_code == 0, done.output
    assert found_key(world, done.stdout.strip()) == (
        {Scope.INGEST, Scope.READ},
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert "ingest and read in the project default, until 2027-01-01 00:00 UTC" in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--name", ""], 1, "name: must not be empty"),
        (["--name", "x", "--project", "shop"], 1, "no project 'shop'"),
        (["--name", "x", "--expires", "2025-12-31"], 1, "expires: is in the past"),
        (["--name", "x", "--expires", "soon"], 2, "soon"),
        (["--name", "x", "--scope", "all"], 2, "'all' is not one of"),
        ([], 2, "Missing option '--name'"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(
    world: World, options: list[str], code: int, said: str
) -> None:
    done = world.run("create-key", *options)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


# every command


def test_the_data_are_where_one_says(world: World, tmp_path: Path) -> None:
    world.run("create-key", "--name", "x", "--data-dir", "here")
    world.run("create-key", "--name", "x", EVENTANALYTICS_DATA_DIR=str(tmp_path / "there"))
    assert world.found_in == [tmp_path / "here", tmp_path / "there"]


@pytest.mark.parametrize("command", ["serve", "import", "create-key", "create-admin", "migrate"])
def test_every_command_has_help_that_fits_a_terminal(world: World, command: str) -> None:
    assert f"  {command}" in world.run("--help").stdout
    done = world.run(command, "--help")
    assert done.exit_code == 0
    assert f"Usage: cli {command}" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_what_does_not_exist_is_said(world: World) -> None:
    assert "No such command 'sevre'" in world.run("sevre").stderr
    assert "No such option '--prot'" in world.run("serve", "--prot", "1").stderr
    assert world.run("serve", "--port", "70000").exit_code == 2


def test_the_version_is_told(world: World) -> None:
    assert world.run("--version").stdout.startswith("eventanalytics, version 0.")


class BrokenError(EventAnalyticsError):
    code = "broken"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BrokenError("this is broken"), "Error: this is broken\n"),
        (OSError(28, "No space left on device", "/x"), "No space left on device: '/x'"),
        (RuntimeError("a bug"), "Error: unexpected RuntimeError: a bug (DEBUG=true shows where)\n"),
    ],
)
def test_an_error_is_a_sentence_and_with_debug_a_traceback(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail() -> None:
        raise error

    failing = click.Command("fail", callback=fail)
    monkeypatch.setattr(type(cli), "get_command", lambda *_: failing)
    done = world.run("fail")
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert world.run("fail", DEBUG="true").exception is error


def test_an_address_of_no_database_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@[host/x")
    done = CliRunner().invoke(cli, ["create-key", "--name", "x"])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: DATABASE_URL: must be a URL such as ")
    assert "hunter2" not in done.output


def test_settings_that_have_no_meaning_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_PORT", "many")
    done = CliRunner().invoke(cli, ["create-key", "--name", "x"])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: POSTGRES_PORT: ")


def test_the_refused_lines_never_overwrite_the_file_that_they_come_from(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEADER}\nno id,2025-01-01T00:00:00Z,ann,view,\n")
    done = world.run("import", str(file), "--rejected", str(file))
    assert done.exit_code == 2
    assert "--rejected" in done.output
    assert "no id" in file.read_text()


@pytest.mark.parametrize(
    ("url", "key", "option"),
    [
        ("http://127.0.0.1:8000", "é", "--key"),
        ("http://127.0.0.1:8000", "a\nb", "--key"),
        ("http://127.0.0.1:99999", "ea_1", "--url"),
        ("ftp://127.0.0.1", "ea_1", "--url"),
    ],
)
def test_an_address_or_key_that_can_never_work_is_refused_at_once(
    world: World, tmp_path: Path, url: str, key: str, option: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEADER}\n")
    done = world.run("import", str(file), "--url", url, "--key", key)
    assert done.exit_code == 2
    assert option in done.output
