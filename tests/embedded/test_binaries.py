"""Which Postgres of which wheel is taken."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eventanalytics_adapters.embedded import binaries, find_installation
from eventanalytics_adapters.embedded.errors import BinariesMissingError, IncompatibleClusterError

Ask = Callable[[str, str], Any]


@pytest.mark.parametrize("name", ["initdb", "pg_dump", "pg_restore", "postgres", "psql"])
def test_the_programs_of_the_installed_wheel_are_found(name: str) -> None:
    program = find_installation().program(name)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert find_installation().version in said.stdout


def test_the_newest_is_taken(package: Path) -> None:
    versions = {
        find_installation(major=int(path.name.removeprefix("pginstall") or 16)).major
        for path in package.glob("pginstall*")
    }
    assert find_installation().major == max(versions)


def test_a_wheel_with_one_unnumbered_installation_will_do(tmp_path: Path, package: Path) -> None:
    (tmp_path / "pginstall").symlink_to(package / "pginstall18")
    assert find_installation(package=tmp_path).major == 18


def test_a_missing_wheel_says_which_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BinariesMissingError, match=r"eventanalytics\[embedded\]"):
        find_installation(package=tmp_path)
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")
    with pytest.raises(BinariesMissingError, match=r"eventanalytics\[embedded\]"):
        find_installation()


def test_a_missing_program_is_named() -> None:
    with pytest.raises(BinariesMissingError, match="no pg_nonsense"):
        find_installation().program("pg_nonsense")


def test_a_cluster_is_run_by_the_version_that_made_it(
    fresh_room: Any, ask: Ask, package: Path
) -> None:
    older = fresh_room.path / "older"
    older.mkdir()
    (older / "pginstall").symlink_to(package / "pginstall")
    with fresh_room.postgres(package=older).running() as dsn:
        made_by = ask(dsn, "SHOW server_version")
    with fresh_room.postgres().running() as dsn:
        assert ask(dsn, "SHOW server_version") == made_by
    assert not made_by.startswith("18")


def test_a_cluster_of_a_version_that_is_not_there_is_refused(own_room: Any) -> None:
    with own_room.postgres().running():
        pass
    (own_room.cluster / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(IncompatibleClusterError, match="Postgres 12"),
        own_room.postgres().running(),
    ):
        pass
