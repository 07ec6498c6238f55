"""One server for all the processes that use a data folder: the first starts it, the last stops it.

Three locks, all of them let go by the kernel when a process dies:

* ``change``: whoever starts, joins or stops the server has it alone; the others wait.
* ``holders``: shared by every process that uses the server. Whoever leaves and can have
  it alone was the last.
* ``server``: held by Postgres' own processes (see ``server``).

A holder that is killed leaves the server running; the next to come joins it, and stops it
when it leaves as the last.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from eventanalytics_adapters.embedded.account import Account, account_for
from eventanalytics_adapters.embedded.binaries import find_installation
from eventanalytics_adapters.embedded.cluster import DATABASE, ROLE, major_version
from eventanalytics_adapters.embedded.errors import translated
from eventanalytics_adapters.embedded.layout import Layout, own_folder, read_password
from eventanalytics_adapters.embedded.locks import share, try_alone
from eventanalytics_adapters.embedded.placement import BASE, place_cluster, place_installation
from eventanalytics_adapters.embedded.postmaster import Postmaster
from eventanalytics_adapters.embedded.server import Server
from eventanalytics_adapters.embedded.waiting import Report, polls


class EmbeddedPostgres:
    """A Postgres server that lives in *data_dir*, for as long as somebody uses it.

    *report* takes a sentence whenever something takes long or is worth knowing. Started by
    root, Postgres runs under an unprivileged account, and what that account cannot get at
    in *data_dir* goes under *base*. *package* is the folder with Postgres' programs; without
    it, that of the installed wheel.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        report: Report = lambda _: None,
        base: Path = BASE,
        package: Path | None = None,
    ) -> None:
        self._layout = Layout(data_dir.resolve())
        self._report = report
        self._base = base
        self._package = package

    @contextmanager
    def running(self) -> Generator[str]:
        """Give a libpq connection string to a server that lives at least as long as the block.

        It names the socket, and the role and the database ``eventanalytics``; the role owns
        the database, may create others, and is no superuser. Ctrl-C ends the wait for a
        server that is starting, and stops it again.

        Raises:
            EmbeddedPostgresError: What, and what to do about it; the block is not entered.
        """
        with translated():
            holder, server, dsn = self._join()
        try:
            yield dsn
        finally:
            with translated():
                self._leave(holder, server)

    def _join(self) -> tuple[int, Server, str]:
        account = account_for(self._layout.cluster)
        if account.is_other:  # it passes through to its cluster, and sees no list of names
            own_folder(self._layout.data_dir, mode=0o710, gid=account.gid)
        else:
            own_folder(self._layout.data_dir, mode=0o700)
        with self._alone():
            server = self._server(account)
            holder = share(self._layout.lock("holders"))
            try:
                return holder, server, self._dsn(server.start())
            except BaseException:
                os.close(holder)
                self._stop_if_unused(server)
                raise

    def _leave(self, holder: int, server: Server) -> None:
        os.close(holder)
        with self._alone():
            self._stop_if_unused(server)

    def _stop_if_unused(self, server: Server) -> None:
        lock = try_alone(self._layout.lock("holders"))
        if lock is not None:
            try:
                server.stop()
            finally:
                os.close(lock)

    @contextmanager
    def _alone(self) -> Generator[None]:
        waiting = polls(self._report, lambda: "Another process is starting or stopping Postgres")
        while (lock := try_alone(self._layout.lock("change"))) is None:
            next(waiting)
        try:
            yield
        finally:
            os.close(lock)

    def _server(self, account: Account) -> Server:
        cluster = place_cluster(self._layout, account, self._base, self._report)
        installation = find_installation(major=major_version(cluster), package=self._package)
        return Server(
            self._layout,
            cluster,
            account,
            place_installation(installation, account, self._base),
            self._report,
        )

    def _dsn(self, postmaster: Postmaster) -> str:
        return (
            f"host={postmaster.socket_folder} port={postmaster.port} user={ROLE} "
            f"password={read_password(self._layout.password)} dbname={DATABASE}"
        )
