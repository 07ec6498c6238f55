"""File locks between processes; the kernel drops them when their last holder is gone.

Each is held by an open file and not by a process: it is given up by closing the file, and
a child that inherits the file holds the lock as well. Python's files are not inherited
unless one says so.
"""

import fcntl
import os
from pathlib import Path


def share(path: Path) -> int:
    """Return an open file that shares the lock, once nobody has it alone."""
    file = _open(path)
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def try_alone(path: Path) -> int | None:
    """Return an open file that has the lock alone, or None while anybody else has it."""
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def is_free(path: Path) -> bool:
    """Say whether nobody has the lock."""
    file = try_alone(path)
    if file is not None:
        os.close(file)
    return file is not None


def _open(path: Path) -> int:
    # For writing too, which network file systems ask of a lock.
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
