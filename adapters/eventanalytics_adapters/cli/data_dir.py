"""The data folder: where it is, what serves it, and the secret that is kept there."""

import fcntl
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
import platformdirs

from eventanalytics.errors import EventAnalyticsError

ROOT_DATA_DIR = Path("/var/lib/eventanalytics")
_SECRET_BYTES = 48


class AlreadyServingError(EventAnalyticsError):
    """Another process serves this data folder."""

    code = "already_serving"

    def __init__(self, data_dir: Path, pid: int | None, address: str | None) -> None:
        self.data_dir, self.pid, self.address = data_dir, pid, address
        who = f"pid {pid} at {address}" if pid and address else "it is just starting"
        super().__init__(f"already running: {who} (data folder {data_dir})")


class _Serving(msgspec.Struct):
    pid: int
    address: str


def default_data_dir() -> Path:
    """Return the user's folder for such data, or that of the system when run by root."""
    if os.geteuid() == 0:
        return ROOT_DATA_DIR
    return platformdirs.user_data_path("eventanalytics", appauthor=False)


data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    default=default_data_dir,
    show_default="the user's data folder; /var/lib/eventanalytics for root",
    envvar="EVENTANALYTICS_DATA_DIR",
    help="Where the embedded Postgres keeps its files; without a meaning if another one is set.",
)


def refuse_if_served(data_dir: Path) -> None:
    """Pass when no process serves the folder, which need not exist.

    Raises:
        AlreadyServingError: One does.
    """
    path = _lock_path(data_dir)
    if path.exists():
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            _lock(file, fcntl.LOCK_SH, data_dir)
        finally:
            os.close(file)


@contextmanager
def serving(data_dir: Path, *, address: str) -> Generator[None]:
    """Be the one that serves the folder, at *address*, until the block ends or the process dies.

    Raises:
        AlreadyServingError: Another process is.
    """
    # The lock goes with the open file: nothing is left of it by a process that was killed.
    file = os.open(_lock_path(data_dir), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _lock(file, fcntl.LOCK_EX, data_dir)
        os.ftruncate(file, 0)
        os.write(file, msgspec.json.encode(_Serving(os.getpid(), address)))
        yield
    finally:
        os.close(file)


def token_secret(data_dir: Path) -> str:
    """Return the secret that signs the tokens of this folder's server, made at its first start."""
    path = data_dir / "jwt-secret"
    if not path.exists():
        _write_once(path, f"{secrets.token_urlsafe(_SECRET_BYTES)}\n")
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Write a file for us alone, whole or not at all; one that is there already stays."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(file, "w") as stream:  # noqa: PTH123 - Path.open cannot set the mode
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            path.hardlink_to(new)
        except FileExistsError:  # another process was faster
            return
    finally:
        new.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lock_path(data_dir: Path) -> Path:
    return data_dir / "serve.lock"


def _lock(file: int, kind: int, data_dir: Path) -> None:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            found = msgspec.json.decode(os.pread(file, 4096, 0), type=_Serving)
        except msgspec.DecodeError:  # it has the lock, and has not said yet who it is
            raise AlreadyServingError(data_dir, None, None) from None
        raise AlreadyServingError(data_dir, found.pid, found.address) from None
