"""Several processes and one data folder; and what happens when one of them is killed."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from eventanalytics_adapters.embedded import waiting
from eventanalytics_adapters.embedded.errors import ClusterBusyError
from eventanalytics_adapters.embedded.layout import Layout
from eventanalytics_adapters.embedded.locks import share

Ask = Callable[[str, str], Any]
WaitUntil = Callable[[Callable[[], object]], None]


def test_the_first_to_leave_does_not_stop_it_and_the_last_does(room: Any, ask: Ask) -> None:
    first, second = room.holder(), room.holder()
    assert first.dsn() == second.dsn()
    first.leave()
    with room.postgres().running() as dsn:
        second.leave()
        assert ask(dsn, "SELECT 1") == 1
    assert room.processes() == []


def test_many_first_starts_at_once_make_one_server(fresh_room: Any, ask: Ask) -> None:
    holders = [fresh_room.holder() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        dsns = set(threads.map(lambda holder: holder.dsn(), holders))
    assert len(dsns) == 1
    assert ask(dsns.pop(), "SELECT 1") == 1
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda holder: holder.leave(), holders))
    assert fresh_room.processes() == []


def test_two_users_in_one_process_count_as_two(room: Any, ask: Ask) -> None:
    with room.postgres().running() as dsn:
        with room.postgres().running() as same:
            assert same == dsn
        assert ask(dsn, "SELECT 1") == 1


def test_a_killed_holder_leaves_it_to_the_next(room: Any, ask: Ask) -> None:
    holder = room.holder()
    ask(holder.dsn(), "CREATE TABLE left_behind AS SELECT 1 AS n")
    postmaster = room.postmaster()
    holder.kill()
    with room.postgres().running() as dsn:
        assert room.postmaster() == postmaster
        assert ask(dsn, "SELECT n FROM left_behind") == 1
    assert room.processes() == []


def test_a_killed_postgres_comes_back_at_the_same_address_with_all_that_was_committed(
    room: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "REPORT_EVERY_SECONDS", 0.0)
    with room.postgres().running() as dsn:
        ask(dsn, "CREATE TABLE committed AS SELECT n FROM generate_series(1, 200000) AS n")
        room.postmaster().kill()
        with room.postgres().running() as again:
            assert again == dsn
            assert ask(dsn, "SELECT count(*) FROM committed") == 200000
    assert any(report.startswith("Postgres is recovering") for report in room.reports)
    assert room.processes() == []


def test_a_start_waits_for_a_query_that_has_outlived_its_postmaster(
    room: Any, ask: Ask, wait_until: WaitUntil
) -> None:
    busy = """DO $$ DECLARE ends timestamptz := clock_timestamp() + interval '1.5 seconds';
              BEGIN WHILE clock_timestamp() < ends LOOP END LOOP; END $$"""
    with room.postgres().running() as dsn, psycopg.connect(dsn) as connection:
        connection.pgconn.send_query(busy.encode())
        wait_until(lambda: ask(dsn, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^DO'"))
        room.postmaster().kill()
        began = time.monotonic()
        with room.postgres().running() as again:
            assert time.monotonic() - began > 1
            assert ask(again, "SELECT 1") == 1
        connection.close()


def test_a_start_gives_up_when_such_a_query_does_not_end(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventanalytics_adapters.embedded.server.ORPHANS_SECONDS", 0.1)
    lock = share(Layout(room.data_dir).lock("server"))  # as the query's process has it
    try:
        with pytest.raises(ClusterBusyError), room.postgres().running():
            pass
    finally:
        os.close(lock)


def test_a_start_waits_its_turn_and_says_so(
    fresh_room: Any, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(waiting, "REPORT_EVERY_SECONDS", 0.0)
    holder = fresh_room.holder()
    wait_until(lambda: list(fresh_room.path.glob("data/postgres.new-*")))
    with fresh_room.postgres().running():
        assert fresh_room.reports[0].startswith("Another process is starting or stopping Postgres")
    holder.dsn()
