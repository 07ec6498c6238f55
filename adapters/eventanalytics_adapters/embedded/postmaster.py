"""Postgres' first process, as its file ``postmaster.pid`` and the system describe it."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PID_FILE = "postmaster.pid"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What ``postmaster.pid`` says; after a crash or a reboot it may be about nobody."""

    pid: int
    port: int
    socket_folder: Path
    status: str

    @property
    def is_ready(self) -> bool:
        """Whether it accepts connections."""
        return self.status == "ready"

    @property
    def is_stopping(self) -> bool:
        """Whether somebody has told it to stop."""
        return self.status == "stopping"

    def shut_down(self) -> None:
        """Tell it to end all sessions, write everything to disk and stop."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)


def read_pid_file(cluster: Path) -> Postmaster | None:
    """Return what the file says, or None while there is none, or not all of it."""
    try:
        # pid, data folder, start, port, socket folder, TCP address, memory key, status
        lines = (cluster / PID_FILE).read_text().splitlines()
        pid, port, socket_folder = int(lines[0]), int(lines[3]), Path(lines[4])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return Postmaster(pid, port, socket_folder, lines[7].strip() if len(lines) > 7 else "starting")


def find_postmaster(cluster: Path) -> Postmaster | None:
    """Return the living postmaster of *cluster*, if there is one."""
    postmaster = read_pid_file(cluster)
    if postmaster is None or not _leads(_command_line(postmaster.pid), cluster):
        return None
    return postmaster


def _leads(command_line: str, cluster: Path) -> bool:
    """Say whether a process with this command line is a postmaster of *cluster*.

    After a reboot the number may be another process's, even another cluster's postmaster.
    One started by hand, with the folder given by a relative path, has the benefit of the doubt.
    """
    line = f"{command_line} "
    if "postgres -D /" in line:
        return f"postgres -D {cluster} " in line
    return "postgres -D " in line


def _command_line(pid: int) -> str:
    """Return the words of a process's command line, or nothing if it does not live."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    said = subprocess.run(  # noqa: S603 - only a number varies
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip()
