"""The settings that Postgres starts with, each with its reason.

They go on its command line, which overrides its own files: a change here reaches every
cluster at its next start. What decides about durability (fsync, synchronous_commit,
full_page_writes) is not here, because Postgres' own defaults are the safe ones.
"""

import os
import sys
from pathlib import Path

MIB = 2**20
GIB = 2**30

# Where a container says how much memory it may use (version 2 and 1 of the same thing).
CONTAINER_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def server_settings(socket_folder: Path) -> dict[str, str]:
    """Return name and value of each setting, for a server with its socket in that folder."""
    memory = memory_bytes()
    return {
        "cluster_name": "eventanalytics",  # shown by ps
        # Reached through the socket only, by this account and root, and there by password.
        "listen_addresses": "",
        "port": "5432",  # a part of the socket's name
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        # Calendars are cut by zone name in each query; nothing may depend on the machine's zone.
        "timezone": "UTC",
        "log_timezone": "UTC",
        # An eighth of the memory: the Python beside it and the user's other programs need some.
        "shared_buffers": _megabytes(memory // 8, least=32 * MIB, most=4 * GIB),
        "effective_cache_size": _megabytes(memory // 2, least=64 * MIB),
        # Each sort and hash of each query takes this much; distinct users need it most.
        "work_mem": _megabytes(memory // 256, least=4 * MIB, most=64 * MIB),
        "maintenance_work_mem": _megabytes(memory // 16, least=32 * MIB, most=512 * MIB),
        # Few large checkpoints, since each makes the next write of every page cost a whole
        # page of log; the price is a recovery of a minute or so after a crash.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        # Solid-state disks, where reading here and there costs little more than in order.
        "random_page_cost": "1.1",
        # Compiling takes longer than most of our queries.
        "jit": "off",
        # Parallel queries share memory: by default in /dev/shm, of which a container has 64 MB.
        **({"dynamic_shared_memory_type": "sysv"} if sys.platform == "linux" else {}),
        "log_line_prefix": "%m [%p] ",
        "log_startup_progress_interval": "2s",  # what `server` reports during recovery
        "log_parameter_max_length": "0",  # parameters are people's data
    }


def memory_bytes() -> int:
    """Return how much memory there is for us: the machine's, or less in a container."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in CONTAINER_LIMITS:
        try:
            limits.append(int(path.read_text()))
        except (OSError, ValueError):  # not in a container, or "max"
            continue
    return min(limits)


def _megabytes(size: int, *, least: int, most: int = sys.maxsize) -> str:
    return f"{max(least, min(size, most)) // MIB}MB"
