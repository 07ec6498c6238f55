"""With an address of a Postgres server, that one is used, and the demands are those of a server."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from eventanalytics_adapters.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from tests.e2e.conftest import Place

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-with-some-more"


@pytest.fixture(scope="module")
def elsewhere(template: Path) -> Iterator[str]:
    """A second server, which the product knows by its address alone."""
    with EmbeddedPostgres(template).running() as dsn:
        yield dsn


@pytest.fixture
def database(elsewhere: str) -> Iterator[str]:
    """An empty database there."""
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute("CREATE DATABASE new")
        yield make_conninfo(elsewhere, dbname="new")
        connection.execute("DROP DATABASE new (FORCE)")


def test_a_server_of_ones_own_is_used_and_nothing_else_started(
    place: "Place", database: str
) -> None:
    server = place.serve(DATABASE_URL=database, JWT_SECRET_KEY=SECRET)
    assert "Nobody can sign in yet" in server.text
    assert "Password" not in server.text
    for secret in (SECRET, database):
        assert secret not in server.text + server.log
    key = server.shown("Ingest key")
    answer = server.client.post(
        "/api/v1/events",
        json={"events": [{
            "event_id": "11111111-1111-4111-8111-111111111111",
            "user_id": "u",
            "event_type": "t",
            "occurred_at": "2025-08-01T00:00:00Z",
        }]},
        headers={"X-API-Key": key},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    done = place.run(
        *("create-admin", "--username", "ada", "--email", "ada@example.org"),
        DATABASE_URL=database,
        ADMIN_PASSWORD="correct horse battery",
    )
    assert done.returncode == 0, done.stderr
    assert server.stop() == 0
    assert not place.data_dir.exists()

    again = place.serve(
        DATABASE_URL=database, JWT_SECRET_KEY=SECRET, ADMIN_PASSWORD="another password"
    )
    assert "Nobody" not in again.text
    assert "Made just now" not in again.text
    signed_in = again.client.post(
        "/api/v1/auth/login", json={"username": "ada", "password": "correct horse battery"}
    )
    assert signed_in.status_code == 200


def test_the_first_administrator_has_the_password_of_the_settings(
    place: "Place", database: str
) -> None:
    server = place.serve(
        "--workers", "2",
        DATABASE_URL=database, JWT_SECRET_KEY=SECRET, ADMIN_PASSWORD="correct horse battery",
    )  # fmt: skip
    assert server.shown("Username") == "admin"
    signed_in = server.client.post(
        "/api/v1/auth/login", json={"username": "admin", "password": "correct horse battery"}
    )
    assert signed_in.status_code == 200, signed_in.text
    assert server.stop() == 0


def test_a_secret_that_can_be_guessed_stops_it(place: "Place") -> None:
    done = place.run(
        *("serve", "--port", "0"),
        DATABASE_URL="postgresql://nowhere.invalid/x",
        JWT_SECRET_KEY="changeme",
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "JWT_SECRET_KEY has fewer than 32 bytes: set it to at least 32 random bytes" in line


def test_a_database_that_lacks_migrations_is_refused_where_it_may_not_be_changed(
    place: "Place", database: str
) -> None:
    environment = {"DATABASE_URL": database, "JWT_SECRET_KEY": SECRET}
    for command in (["serve", "--no-migrate", "--port", "0"], ["create-key", "--name", "x"]):
        done = place.run(*command, **environment)
        assert done.returncode == 1
        assert "run eventanalytics migrate" in done.stderr
    done = place.run("migrate", **environment)
    assert done.returncode == 0, done.stderr
    assert "up to date" in done.stdout
    assert place.run("create-key", "--name", "x", **environment).returncode == 0


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(place: "Place") -> None:
    for command in (["serve", "--port", "0"], ["create-key", "--name", "x"], ["migrate"]):
        done = place.run(
            *command, POSTGRES_HOST="127.0.0.1", POSTGRES_PORT="1", JWT_SECRET_KEY=SECRET
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
