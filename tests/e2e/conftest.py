"""Real processes in a folder of their own, all of them ended whatever a test does."""

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import httpx
import psutil
import pytest

COMMAND = [sys.executable, "-m", "eventanalytics_adapters.cli"]
START_SECONDS = 60
STOP_SECONDS = 10
# What the settings of the machine that runs the tests must not decide.
_OURS = re.compile(r"(POSTGRES_|JWT_|ADMIN_|EVENTANALYTICS_|DATABASE_URL|DEBUG|LOG_LEVEL|PG)")


class Server:
    """A running ``eventanalytics serve``."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path, errors: Path) -> None:
        self.process, self._output, self._errors = process, output, errors
        self._client: httpx.Client | None = None

    @property
    def text(self) -> str:
        """What it has written to standard output."""
        return self._output.read_text()

    @property
    def log(self) -> str:
        """What it has written to standard error."""
        return self._errors.read_text()

    def wait_until_started(self) -> "Server":
        Place.wait_until(lambda: "Ctrl-C stops it." in self.text or self.process.poll() is not None)
        assert self.process.poll() is None, self.log
        return self

    def shown(self, label: str) -> str:
        """What stands behind a label, such as ``Address``."""
        found = re.search(rf"^  {label} +(\S+)$", self.text, re.MULTILINE)
        assert found is not None, self.text
        return found[1]

    @property
    def address(self) -> str:
        return self.shown("Address")

    @property
    def client(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(base_url=self.address, timeout=30)
        return self._client

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End it as kill -9 does."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


class Events:
    """So many different events, and whether a store holds them."""

    def __init__(self, count: int) -> None:
        self.all = [
            {
                "event_id": str(UUID(int=random.getrandbits(128), version=4)),
                "user_id": f"user {number % 97}",
                "event_type": ("view", "buy", "leave")[number % 3],
                "occurred_at": f"2025-08-{number % 28 + 1:02}T10:00:00Z",
                "properties": {"number": number, "text": 'a "quoted", one\nof two lines'},
            }
            for number in range(count)
        ]

    @property
    def ids(self) -> list[str]:
        return [str(event["event_id"]) for event in self.all]

    def write_csv(self, path: Path) -> Path:
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["event_id", "occurred_at", "user_id", "event_type", "properties_json"])
            for event in self.all:
                properties = json.dumps(event["properties"])
                first = [event[name] for name in ("event_id", "occurred_at")]
                writer.writerow([*first, event["user_id"], event["event_type"], properties])
        return path

    def stored_in(self, server: Server, read_key: str) -> list[str]:
        """Return the ids that are stored, after comparing each event with what was sent."""
        sent = {event["event_id"]: event for event in self.all}
        ids: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = server.client.get(
                "/api/v1/events",
                params={"limit": "1000", **cursor},
                headers={"X-API-Key": read_key},
            ).json()
            for event in page["events"]:
                del event["received_at"]
                assert event == sent[event["event_id"]]
                ids.append(event["event_id"])
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert len(ids) == len(set(ids)), "an event is stored twice"
        return ids


class Place:
    """A folder with the data, the working folder and the processes of one test."""

    def __init__(self, path: Path) -> None:
        self.path, self.data_dir, self.work_dir = path, path / "data", path / "work"
        self.work_dir.mkdir()
        self._environment = {n: v for n, v in os.environ.items() if not _OURS.match(n)}  # noqa: TID251
        self._processes: list[subprocess.Popen[bytes]] = []
        self._servers: list[Server] = []

    def start(
        self,
        *arguments: str,
        output: IO[bytes],
        errors: IO[bytes],
        stdin: IO[bytes] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a command in the background, as the leader of a process group of its own."""
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.work_dir,
            env={**self._environment, **(environment or {})},
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def launch(self, *options: str, **environment: str) -> Server:
        """Start a server and do not wait for it."""
        number = len(self._processes)
        output, errors = self.path / f"{number}.out", self.path / f"{number}.err"
        port = () if "--port" in options else ("--port", "0")
        with output.open("wb") as out, errors.open("wb") as err:
            process = self.start(
                *("serve", *port, "--data-dir", str(self.data_dir), *options),
                output=out,
                errors=err,
                environment=environment,
            )
        server = Server(process, output, errors)
        self._servers.append(server)
        return server

    def serve(self, *options: str, **environment: str) -> Server:
        """Start a server and wait until it takes requests."""
        return self.launch(*options, **environment).wait_until_started()

    def run(
        self, *arguments: str, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.work_dir,
            env={**self._environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )

    def on_data(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the data of this place, which must succeed."""
        done = self.run(command, *arguments, "--data-dir", str(self.data_dir))
        assert done.returncode == 0, done.stderr
        return done

    @staticmethod
    def wait_until(true: Callable[[], Any], seconds: float = START_SECONDS) -> None:
        """Return when it has become true, and fail when it does not in time."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it took too long"
            time.sleep(0.02)

    @staticmethod
    def pipe(text: str) -> tuple[IO[bytes], IO[bytes]]:
        """Return the two ends of a pipe with a text in it."""
        reading, writing = os.pipe()
        end = os.fdopen(writing, "wb", buffering=0)
        end.write(text.encode())
        return os.fdopen(reading, "rb"), end

    def api_key(self, *scopes: str) -> str:
        """Make a key of the default project."""
        chosen = [word for scope in scopes for word in ("--scope", scope)]
        return self.on_data("create-key", "--name", "test", *chosen).stdout.strip()

    def postgres_processes(self) -> list[psutil.Process]:
        """Every Postgres process that works on the data of this place."""
        folders = {str(self.data_dir / "postgres"), str((self.data_dir / "postgres").resolve())}
        found: list[psutil.Process] = []
        for process in psutil.process_iter():
            try:
                if folders & set(process.cmdline()):
                    found += [process, *process.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
        return found

    def kill_postgres(self) -> int:
        """End it as a power cut does; return how many processes that were."""
        left = self.postgres_processes()
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=STOP_SECONDS)
        return len(left)

    def clean_up(self) -> None:
        for server in self._servers:
            server.close()
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the workers too
            process.wait()
        self.kill_postgres()
        shutil.rmtree(self.path)


@contextmanager
def new_place() -> Iterator[Place]:
    # Not pytest's own folder: started by root, Postgres is another user, who cannot get in there.
    path = Path(tempfile.mkdtemp(prefix="ea-e2e-", dir="/tmp"))
    path.chmod(0o711)
    place = Place(path)
    try:
        yield place
    finally:
        place.clean_up()


@pytest.fixture
def place() -> Iterator[Place]:
    """Nothing is there yet."""
    with new_place() as place:
        yield place


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    with new_place() as place:
        place.on_data("migrate")
        yield place.data_dir


@pytest.fixture
def prepared(place: Place, template: Path) -> Place:
    """The files of Postgres are there, which takes seconds to make, and nobody has used them."""
    subprocess.run(["cp", "-a", template, place.data_dir], check=True)
    return place


@pytest.fixture
def events() -> type[Events]:
    return Events
