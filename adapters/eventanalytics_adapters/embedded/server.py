"""Starting and stopping the one server of a cluster, whoever started it.

The caller sees to it that no other process does the same meanwhile (``sharing``).
Whether a server lives is answered by a lock that all its processes inherit, and by
``postmaster.pid``. The lock counts processes that outlive their postmaster as well, and
the remains of a killed ``initdb``; no number in a file can.
"""

import os
from collections import deque
from contextlib import suppress
from pathlib import Path

from eventanalytics_adapters.embedded.account import Account
from eventanalytics_adapters.embedded.binaries import Installation
from eventanalytics_adapters.embedded.cluster import create_cluster, is_complete
from eventanalytics_adapters.embedded.errors import ClusterBusyError, ServerDiedError
from eventanalytics_adapters.embedded.layout import Layout, ensure_password
from eventanalytics_adapters.embedded.locks import is_free, try_alone
from eventanalytics_adapters.embedded.placement import settle_cluster
from eventanalytics_adapters.embedded.postmaster import (
    PID_FILE,
    Postmaster,
    find_postmaster,
    read_pid_file,
)
from eventanalytics_adapters.embedded.sockets import make_socket_folder, remove_socket_folder
from eventanalytics_adapters.embedded.tuning import server_settings
from eventanalytics_adapters.embedded.waiting import Report, polls

# How long processes without a postmaster are waited for.
ORPHANS_SECONDS = 60.0
LARGE_LOG_BYTES = 10 * 2**20
LAST_LINES = 20
RECOVERY_SIGNS = ("was interrupted", "recovery", "redo")


class Server:
    """The Postgres server of one cluster."""

    def __init__(
        self,
        layout: Layout,
        cluster: Path,
        account: Account,
        installation: Installation,
        report: Report,
    ) -> None:
        self._layout = layout
        self._cluster = cluster
        self._account = account
        self._installation = installation
        self._report = report
        self._lock = layout.lock("server")

    def start(self) -> Postmaster:
        """Return the postmaster once it accepts connections; start it if none lives.

        The wait has no end while Postgres lives: after a crash it first repeats what its log
        holds, which may take minutes.

        Raises:
            ClusterBusyError: Processes of an earlier server do not end.
            ClusterFailedError: There was no cluster, and making it failed.
            ServerDiedError: Postgres ended instead.
        """
        lock = self._lock_unless_served()
        if lock is None:
            return self._when_ready()
        try:
            socket_folder = self._launch(lock)
        finally:
            os.close(lock)
        try:
            return self._when_ready()
        except ServerDiedError:
            remove_socket_folder(socket_folder)
            raise

    def stop(self) -> None:
        """End all sessions, stop Postgres and return when none of its processes is left.

        Processes that have outlived their postmaster are waited for only so long.
        """
        last = read_pid_file(self._cluster)
        seen, told = 0.0, None
        for waited in polls(self._report, lambda: "Postgres is stopping"):
            postmaster = find_postmaster(self._cluster)
            if postmaster is None:
                if is_free(self._lock):
                    break
                if waited - seen > ORPHANS_SECONDS:
                    return
                continue
            last, seen = postmaster, waited
            if told != postmaster.pid:
                postmaster.shut_down()
                told = postmaster.pid
        if last is not None:
            remove_socket_folder(last.socket_folder)

    def _lock_unless_served(self) -> int | None:
        """Return None if a server lives; else the lock, once nothing is left of an earlier one."""
        seen = 0.0
        for waited in polls(self._report, lambda: "Waiting for an earlier Postgres to end"):
            postmaster = find_postmaster(self._cluster)
            if postmaster is None:
                lock = try_alone(self._lock)
                if lock is not None:
                    return lock
                if waited - seen > ORPHANS_SECONDS:
                    break
            elif postmaster.is_stopping:
                seen = waited
            else:
                return None
        raise ClusterBusyError(self._cluster)

    def _launch(self, lock: int) -> Path:
        """Start a postmaster and return the folder of its socket."""
        if not is_complete(self._cluster):
            self._report(f"Making the files of a new Postgres {self._installation.version}")
            create_cluster(
                self._cluster,
                self._installation,
                self._account,
                password=ensure_password(self._layout.password),
                lock=lock,
            )
        settle_cluster(self._layout)
        stale = read_pid_file(self._cluster)
        socket_folder = make_socket_folder(
            self._account, previous=stale.socket_folder if stale else None
        )
        # Its number may be some other process's by now, for which Postgres would not start.
        (self._cluster / PID_FILE).unlink(missing_ok=True)
        settings = server_settings(socket_folder)
        log = self._open_log()
        try:
            # The shell returns at once, so that Postgres is not our child: it may outlive us.
            self._account.run(
                [
                    *("/bin/sh", "-c", '"$@" &', "sh"),
                    *(self._installation.program("postgres"), "-D", self._cluster),
                    *(word for name in settings for word in ("-c", f"{name}={settings[name]}")),
                ],
                output=log,
                pass_fds=[lock],
            )
        finally:
            os.close(log)
        return socket_folder

    def _open_log(self) -> int:
        log = self._layout.log
        if log.exists() and log.stat().st_size > LARGE_LOG_BYTES:
            log.rename(log.with_name(f"{log.name}.1"))
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)

    def _when_ready(self) -> Postmaster:
        for _ in polls(self._report, self._progress):
            postmaster = find_postmaster(self._cluster)
            if postmaster is not None and postmaster.is_ready:
                return postmaster
            if postmaster is None and is_free(self._lock):
                break
        raise ServerDiedError(self._layout.log, "".join(self._last_lines()))

    def _progress(self) -> str:
        lines = self._last_lines()
        recovers = any(sign in line for line in lines for sign in RECOVERY_SIGNS)
        doing = "recovering what was not yet in its files" if recovers else "starting"
        last = lines[-1].partition(":  ")[2].strip() if lines else ""
        return f"Postgres is {doing}: {last}" if last else f"Postgres is {doing}"

    def _last_lines(self) -> list[str]:
        """Return what Postgres has said since it was started last, or the end of it."""
        lines = deque[str](maxlen=LAST_LINES)
        with suppress(FileNotFoundError), self._layout.log.open(errors="replace") as log:
            for line in log:
                if "starting PostgreSQL" in line:
                    lines.clear()
                lines.append(line)
        return list(lines)
