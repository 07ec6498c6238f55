"""Kills, interruptions and stale files at the worst moment."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eventanalytics_adapters.embedded.account import account_for
from eventanalytics_adapters.embedded.errors import (
    ClusterFailedError,
    EmbeddedPostgresError,
    PasswordMissingError,
    ServerDiedError,
)
from eventanalytics_adapters.embedded.postmaster import PID_FILE

Ask = Callable[[str, str], Any]
WaitUntil = Callable[[Callable[[], object]], None]


def half_made(room: Any) -> list[Path]:
    return list(room.path.glob("data/postgres.new-*"))


@pytest.mark.parametrize("sign", ["PG_VERSION", "base/5"])
def test_a_killed_first_start_leaves_nothing_half_made(
    fresh_room: Any, ask: Ask, sign: str, wait_until: WaitUntil
) -> None:
    holder = fresh_room.holder()
    wait_until(lambda: list(fresh_room.path.glob(f"data/postgres.new-*/{sign}")))
    holder.kill()
    assert not (fresh_room.data_dir / "postgres").exists()
    with fresh_room.postgres().running() as dsn:
        assert half_made(fresh_room) == []
        assert ask(dsn, "SELECT 1") == 1
    assert fresh_room.processes() == []


def test_an_interrupted_first_start_leaves_nothing(fresh_room: Any, ask: Ask) -> None:
    def interrupt(sentence: str) -> None:
        if sentence.startswith("Making"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), fresh_room.postgres(report=interrupt).running():
        pass
    assert not (fresh_room.data_dir / "postgres").exists()
    with fresh_room.postgres().running() as dsn:
        assert ask(dsn, "SELECT 1") == 1


def test_an_interrupted_wait_stops_what_it_started(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventanalytics_adapters.embedded.waiting.REPORT_EVERY_SECONDS", 0.0)

    def interrupt(sentence: str) -> None:
        if sentence.startswith("Postgres is starting"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), room.postgres(report=interrupt).running():
        pass
    assert room.processes() == []


def test_a_failing_initdb_is_quoted_and_leaves_nothing(fresh_room: Any, package: Path) -> None:
    fresh_room.package = fresh_room.path / "wheel" / package.name
    shutil.copytree(package / "pginstall18", fresh_room.package / "pginstall18")
    shutil.copytree(
        package.with_name(f"{package.name}.libs"), fresh_room.path / f"wheel/{package.name}.libs"
    )
    next(fresh_room.package.rglob("postgres.bki")).write_text("nonsense\n")
    with (
        pytest.raises(ClusterFailedError, match=r"postgres\.bki.* does not belong"),
        fresh_room.postgres().running(),
    ):
        pass
    assert half_made(fresh_room) == []
    assert not (fresh_room.data_dir / "postgres").exists()


def test_a_postgres_that_cannot_start_is_quoted(own_room: Any) -> None:
    with own_room.postgres().running():
        pass
    with (own_room.cluster / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = on\n")
    with pytest.raises(ServerDiedError, match="no_such_setting"), own_room.postgres().running():
        pass


def test_a_lost_password_is_named_and_the_server_not_left_running(own_room: Any) -> None:
    with own_room.postgres().running():
        pass
    (own_room.data_dir / "postgres-password").unlink()
    with (
        pytest.raises(PasswordMissingError, match="postgres-password: missing"),
        own_room.postgres().running(),
    ):
        pass
    assert own_room.processes() == []


def test_what_the_system_refuses_is_one_of_our_errors(fresh_room: Any) -> None:
    fresh_room.data_dir.write_text("not a folder")
    with (
        pytest.raises(EmbeddedPostgresError, match="is not a folder"),
        fresh_room.postgres().running(),
    ):
        pass
    fresh_room.data_dir = fresh_room.data_dir / "below"
    with pytest.raises(EmbeddedPostgresError, match="File exists"), fresh_room.postgres().running():
        pass


@pytest.fixture
def bystander(room: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Some other process of the account that Postgres runs as."""
    account = account_for(room.data_dir)
    with subprocess.Popen(
        ["sleep", "60"], user=account.uid if account.is_other else None
    ) as process:
        yield process
        process.kill()


def write_pid_file(cluster: Path, pid: int) -> None:
    (cluster / PID_FILE).write_text(
        f"{pid}\n{cluster}\n1700000000\n5432\n/tmp/eventanalytics-gone\n\n  1 1\nready   \n"
    )


def test_a_number_that_some_process_has_got_since_does_not_hinder_the_start(
    room: Any, ask: Ask, bystander: subprocess.Popen[bytes]
) -> None:
    with room.postgres().running():
        pass
    write_pid_file(room.cluster, bystander.pid)
    with room.postgres().running() as dsn:
        assert ask(dsn, "SELECT 1") == 1
    write_pid_file(room.cluster, bystander.pid)
    with room.postgres().running():
        postmaster = room.postmaster()
        write_pid_file(room.cluster, bystander.pid)
        postmaster.kill()
    assert bystander.poll() is None


def test_a_number_that_another_clusters_postmaster_has_got_is_not_mistaken_for_ours(
    room: Any, served: Any, ask: Ask
) -> None:
    write_pid_file(room.cluster, served.postmaster().pid)
    with room.postgres().running() as dsn:
        assert dsn != served.dsn
        ask(dsn, "CREATE TABLE only_ours ()")
    assert ask(served.dsn, "SELECT to_regclass('only_ours')") is None


def test_somebody_elses_folder_at_the_old_address_is_not_used(room: Any, ask: Ask) -> None:
    with room.postgres().running():
        pass
    write_pid_file(room.cluster, 2**22 + 1)
    trap = room.path / "trap"
    trap.mkdir()
    (trap / "kept").touch()
    old = Path("/tmp/eventanalytics-gone")
    old.symlink_to(trap)
    try:
        with room.postgres().running() as dsn:
            assert str(old) not in dsn
            assert ask(dsn, "SELECT 1") == 1
    finally:
        old.unlink()
    assert [path.name for path in trap.iterdir()] == ["kept"]


def test_a_postgres_started_by_hand_is_joined_and_stopped_by_the_last(
    room: Any, ask: Ask, wait_until: WaitUntil
) -> None:
    with room.postgres().running():
        pass
    account = account_for(room.cluster)
    script = 'cd "$1" && "$2" -D postgres -c unix_socket_directories="$1/postgres" -c port=6000 &'
    program = room.package / "pginstall18/bin/postgres"
    with (room.path / "by hand.log").open("w") as log:
        account.run(["/bin/sh", "-c", script, "sh", room.data_dir, program], output=log.fileno())
    wait_until((room.cluster / PID_FILE).exists)
    with room.postgres().running() as dsn:
        assert "port=6000" in dsn
        assert ask(dsn, "SELECT 1") == 1
    wait_until(lambda: not (room.cluster / PID_FILE).exists())
