"""The migrations: up, down and up again, together, and after a run that was killed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from yoyo.backends import DatabaseBackend

from eventanalytics.errors import StoreUnavailableError
from eventanalytics_adapters.postgres import schema
from eventanalytics_adapters.postgres.schema import migrate, migrations_folder, pending, rollback

SHAPE = b"""
SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default
  FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name NOT LIKE '%yoyo%'
 ORDER BY table_name, ordinal_position
"""
INDEXES = b"""
SELECT indexname, indexdef
  FROM pg_indexes
 WHERE schemaname = 'public' AND tablename NOT LIKE '%yoyo%'
 ORDER BY indexname
"""


def shape_of(dsn: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(SHAPE).fetchall(), connection.execute(INDEXES).fetchall()


def ids() -> list[str]:
    files = sorted(migrations_folder().glob("*.sql"))
    return [file.stem for file in files if not file.name.endswith(".rollback.sql")]


def test_every_migration_has_its_way_back() -> None:
    assert ids()
    for one in ids():
        assert (migrations_folder() / f"{one}.rollback.sql").is_file()


def test_up_down_and_up_again_gives_the_same_tables(empty_postgres_dsn: str) -> None:
    assert pending(empty_postgres_dsn) == ids()
    assert migrate(empty_postgres_dsn) == ids()
    made = shape_of(empty_postgres_dsn)
    assert {row[0] for row in made[0]} >= {"project", "event", "account", "api_key"}

    assert rollback(empty_postgres_dsn, last=len(ids())) == ids()[::-1]
    assert shape_of(empty_postgres_dsn) == ([], [])
    assert pending(empty_postgres_dsn) == ids()

    assert migrate(empty_postgres_dsn) == ids()
    assert shape_of(empty_postgres_dsn) == made


def test_a_migrated_database_is_left_alone(postgres_dsn: str) -> None:
    assert pending(postgres_dsn) == []
    assert migrate(postgres_dsn) == []


def test_to_ask_what_is_pending_changes_nothing(empty_postgres_dsn: str) -> None:
    pending(empty_postgres_dsn)
    with psycopg.connect(empty_postgres_dsn) as connection:
        tables = connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == []


def test_the_first_project_is_there(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        found = connection.execute("SELECT slug, name FROM project WHERE slug = 'default'")
        assert found.fetchall() == [("default", "Default")]


def test_text_is_ordered_by_code_points(postgres_dsn: str) -> None:
    ordered = {("event", "user_id"), ("event", "event_type"), ("project", "slug")}
    with psycopg.connect(postgres_dsn) as connection:
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND collation_name = 'C'"
        )
        assert set(found.fetchall()) >= ordered


def test_one_of_several_runs_at_once_migrates(empty_postgres_dsn: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(migrate, [empty_postgres_dsn] * 4))
    assert sorted(runs) == [[], [], [], ids()]
    assert pending(empty_postgres_dsn) == []


def test_a_run_waits_for_the_one_before_it(empty_postgres_dsn: str) -> None:
    with ThreadPoolExecutor(1) as threads:
        with psycopg.connect(empty_postgres_dsn, autocommit=True) as other:
            other.execute(schema._LOCK)
            ours = threads.submit(migrate, empty_postgres_dsn)
            waiting = "SELECT FROM pg_stat_activity WHERE wait_event = 'advisory'"
            while not other.execute(waiting).fetchall():
                assert not ours.done()
            assert pending(empty_postgres_dsn) == ids()
        assert ours.result(20) == ids()


def test_the_lock_of_a_killed_run_is_no_obstacle(empty_postgres_dsn: str) -> None:
    """yoyo's own lock is a row: a run that is killed while yoyo makes its tables leaves it."""
    with psycopg.connect(empty_postgres_dsn) as connection:
        connection.execute("CREATE TABLE yoyo_lock (locked int PRIMARY KEY, ctime date, pid int)")
        connection.execute("INSERT INTO yoyo_lock VALUES (1, now(), 1)")
    assert migrate(empty_postgres_dsn) == ids()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (id integer);")
    (tmp_path / "0001_one.rollback.sql").write_text("DROP TABLE one;")
    (tmp_path / "0002_two.sql").write_text(
        "-- depends: 0001_one\nCREATE TABLE two (id integer);\nSELECT no_such_function();"
    )
    return tmp_path


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_postgres_dsn: str, folder: Path
) -> None:
    with pytest.raises(psycopg.errors.UndefinedFunction):
        migrate(empty_postgres_dsn, folder=folder)
    assert [row[0] for row in shape_of(empty_postgres_dsn)[0]] == ["one"]
    assert pending(empty_postgres_dsn, folder=folder) == ["0002_two"]

    (folder / "0002_two.sql").write_text("-- depends: 0001_one\nCREATE TABLE two (id integer);")
    assert migrate(empty_postgres_dsn, folder=folder) == ["0002_two"]


def test_a_run_that_dies_before_it_is_recorded_leaves_nothing_behind(
    empty_postgres_dsn: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    (folder / "0002_two.sql").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseBackend, "mark_one", die)
        with pytest.raises(KeyboardInterrupt):
            migrate(empty_postgres_dsn, folder=folder)
    assert shape_of(empty_postgres_dsn) == ([], [])
    assert migrate(empty_postgres_dsn, folder=folder) == ["0001_one"]


def test_a_migration_may_do_what_no_transaction_allows(
    empty_postgres_dsn: str, folder: Path
) -> None:
    (folder / "0002_two.sql").write_text(
        "-- depends: 0001_one\n-- transactional: false\n"
        "CREATE INDEX CONCURRENTLY one_by_id ON one (id);"
    )
    (folder / "0002_two.rollback.sql").write_text("DROP INDEX CONCURRENTLY one_by_id;")
    assert migrate(empty_postgres_dsn, folder=folder) == ["0001_one", "0002_two"]
    assert pending(empty_postgres_dsn, folder=folder) == []
    assert rollback(empty_postgres_dsn, folder=folder) == ["0002_two"]
    assert shape_of(empty_postgres_dsn)[1] == []


PASSWORD = "p@ss:w/rd? #%41+&= '\"\\ü"


def test_a_password_may_hold_any_character(empty_postgres_dsn: str) -> None:
    """A URL, which is what yoyo wants, has no place for a socket's folder or for these."""
    before = conninfo_to_dict(empty_postgres_dsn).get("password", "unused")
    change = sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}")
    with psycopg.connect(empty_postgres_dsn, autocommit=True) as connection:
        connection.execute(change.format(sql.Literal(PASSWORD)))
        try:
            assert migrate(make_conninfo(empty_postgres_dsn, password=PASSWORD)) == ids()
        finally:
            connection.execute(change.format(sql.Literal(before)))


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nowhere = make_conninfo(host=str(tmp_path), dbname="nothing")
    for ask in (migrate, rollback, pending):
        with pytest.raises(StoreUnavailableError):
            ask(nowhere)
