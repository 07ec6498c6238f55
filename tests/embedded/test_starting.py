"""What a started server is like, and what is left when it is stopped."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

Ask = Callable[[str, str], Any]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def socket_folder(dsn: str) -> Path:
    return Path(str(conninfo_to_dict(dsn)["host"]))


def test_what_was_written_is_there_after_a_restart(room: Any, ask: Ask) -> None:
    with room.postgres().running() as dsn:
        ask(dsn, "CREATE TABLE kept AS SELECT 'still here' AS word")
    assert room.processes() == []
    with room.postgres().running() as dsn:
        assert ask(dsn, "SELECT word FROM kept") == "still here"


def test_only_the_first_start_has_something_to_report(fresh_room: Any) -> None:
    for _ in range(2):
        with fresh_room.postgres().running():
            pass
    assert [report.partition(" 1")[0] for report in fresh_room.reports] == [
        "Making the files of a new Postgres"
    ]


def test_nothing_but_the_data_folder_is_left_when_it_has_stopped(room: Any) -> None:
    with room.postgres().running() as dsn:
        assert socket_folder(dsn).exists()
    assert not socket_folder(dsn).exists()
    assert room.processes() == []
    assert sorted(path.name for path in room.data_dir.iterdir()) == [
        "postgres",
        "postgres-change.lock",
        "postgres-holders.lock",
        "postgres-password",
        "postgres-server.lock",
        "postgres.log",
    ]


def test_it_stops_when_the_block_fails(room: Any) -> None:
    with pytest.raises(ZeroDivisionError), room.postgres().running():
        raise ZeroDivisionError
    assert room.processes() == []


def test_it_has_the_settings_for_its_work_and_the_safe_ones_for_the_data(
    served: Any, ask: Ask
) -> None:
    expected = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "jit": "off",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "synchronous_commit": "on",
        "timezone": "UTC",
    }
    assert {name: ask(served.dsn, f"SHOW {name}") for name in expected} == expected
    assert (
        ask(served.dsn, "SELECT datcollate FROM pg_database WHERE datname = current_database()")
        == "C"
    )


def test_parallel_queries_can_share_memory(served: Any, ask: Ask) -> None:
    ask(served.dsn, "CREATE TABLE numbers AS SELECT generate_series(1, 100000) AS n")
    ask(served.dsn, "ALTER ROLE eventanalytics SET debug_parallel_query = on")
    assert ask(served.dsn, "SELECT count(*) FROM numbers a JOIN numbers b USING (n)") == 100000


def test_our_role_owns_its_database_and_is_no_superuser(served: Any, ask: Ask) -> None:
    assert ask(served.dsn, "SHOW is_superuser") == "off"
    assert ask(served.dsn, "SELECT current_user || '/' || current_database()") == (
        "eventanalytics/eventanalytics"
    )
    ask(served.dsn, "CREATE SCHEMA ours")
    ask(served.dsn, "CREATE DATABASE another")


@pytest.mark.parametrize(
    "login",
    [{"password": "wrong"}, {"user": "postgres"}, {"user": "postgres", "password": ""}],
    ids=["wrong password", "superuser with our password", "superuser without password"],
)
def test_only_our_role_with_its_password_is_let_in(served: Any, login: dict[str, str]) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(make_conninfo(served.dsn, **login))
    with psycopg.connect(served.dsn) as connection:
        assert connection.pgconn.used_password


def test_nobody_else_gets_at_the_socket_or_the_files(fresh_room: Any) -> None:
    umask = os.umask(0)
    try:
        with fresh_room.postgres().running() as dsn:
            assert mode(socket_folder(dsn)) == 0o700
            assert mode(socket_folder(dsn) / ".s.PGSQL.5432") == 0o700
            assert mode(fresh_room.cluster) == 0o700
            assert mode(fresh_room.data_dir) & 0o067 == 0
            for name in ("postgres-password", "postgres.log", "postgres-change.lock"):
                assert mode(fresh_room.data_dir / name) == 0o600
    finally:
        os.umask(umask)


def test_a_long_data_folder_does_not_make_the_sockets_path_too_long(
    fresh_room: Any, ask: Ask
) -> None:
    fresh_room.data_dir = fresh_room.path / ("long" * 50) / "with space"
    with fresh_room.postgres().running() as dsn:
        assert ask(dsn, "SELECT 1") == 1


def test_ctrl_c_in_our_terminal_does_not_reach_it(served: Any) -> None:
    postmaster = served.postmaster().pid
    assert os.getsid(postmaster) != os.getsid(0)
    assert os.getpgid(postmaster) != os.getpgid(0)


def test_variables_meant_for_another_postgres_change_nothing(
    room: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere"}.items():
        monkeypatch.setenv(name, value)
    with room.postgres().running() as dsn:
        assert ask(dsn, "SELECT 1") == 1


def test_a_large_log_is_put_aside_once(room: Any) -> None:
    log = room.data_dir / "postgres.log"
    log.write_text("an old line\n" * 2**20)
    with room.postgres().running():
        pass
    assert log.with_name("postgres.log.1").read_text().startswith("an old line")
    assert "an old line" not in log.read_text()
