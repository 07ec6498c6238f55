"""As whom Postgres runs, and that nobody's permissions are loosened for it."""

import os
import pwd
import shutil
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from eventanalytics_adapters.embedded import account
from eventanalytics_adapters.embedded.errors import (
    LostClusterError,
    NoAccountError,
    UnreachableClusterError,
    UnsafeFolderError,
)

Ask = Callable[[str, str], Any]
WaitUntil = Callable[[Callable[[], object]], None]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root alone can do")
as_ordinary_user = pytest.mark.skipif(os.geteuid() == 0, reason="has a twin for root")


def permissions(paths: Iterable[Path]) -> dict[Path, tuple[int, int, int]]:
    return {
        path: (found.st_mode, found.st_uid, found.st_gid)
        for path in paths
        for found in [path.lstat()]
    }


def users(room: Any) -> set[str]:
    return {process.username() for process in room.processes()}


@as_ordinary_user
def test_an_ordinary_user_runs_it_as_oneself(room: Any, ask: Ask) -> None:
    with room.postgres().running() as dsn:
        assert ask(dsn, "SELECT 1") == 1
        assert users(room) == {pwd.getpwuid(os.geteuid()).pw_name}


@as_root
def test_an_ordinary_user_runs_it_as_oneself_also_where_the_tests_run_as_root(
    fresh_room: Any, ask: Ask
) -> None:
    home = fresh_room.path / "home"
    home.mkdir()
    shutil.chown(home, "nobody")
    fresh_room.data_dir = home / "data"
    holder = fresh_room.holder("nobody")
    dsn = holder.dsn()
    assert users(fresh_room) == {"nobody"}
    assert fresh_room.data_dir.owner() == "nobody"
    assert stat.S_IMODE(fresh_room.data_dir.stat().st_mode) == 0o700
    assert not fresh_room.base.exists()
    ask(dsn, "CREATE TABLE kept AS SELECT 1 AS n")
    postmaster = fresh_room.postmaster()
    holder.kill()
    second = fresh_room.holder("nobody")
    assert second.dsn() == dsn
    assert fresh_room.postmaster() == postmaster
    second.leave()
    assert fresh_room.processes() == []


@as_root
def test_root_does_not_run_it_as_root(fresh_room: Any) -> None:
    with fresh_room.postgres().running():
        assert "root" not in users(fresh_room)
        assert fresh_room.cluster.owner() in account.UNPRIVILEGED
        assert fresh_room.cluster == fresh_room.data_dir / "postgres"
        assert (fresh_room.data_dir / "postgres-password").owner() == "root"
        assert not fresh_room.base.exists()


@as_root
def test_a_cluster_keeps_its_owner(fresh_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(account, "UNPRIVILEGED", ("no such account", "nobody"))
        with fresh_room.postgres().running():
            assert users(fresh_room) == {"nobody"}
    with fresh_room.postgres().running():
        assert users(fresh_room) == {"nobody"}


@as_root
def test_root_needs_some_other_account(fresh_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "UNPRIVILEGED", ("no such account",))
    with pytest.raises(NoAccountError, match="no such account"), fresh_room.postgres().running():
        pass
    assert not fresh_room.data_dir.exists()


@as_root
@pytest.mark.parametrize("closed", ["data", "."], ids=["the folder itself", "a parent"])
def test_a_closed_data_folder_stays_closed_and_the_cluster_goes_elsewhere(
    fresh_room: Any, ask: Ask, closed: str
) -> None:
    fresh_room.data_dir = fresh_room.path / "closed" / "data"
    fresh_room.data_dir.mkdir(parents=True)
    (fresh_room.data_dir.parent / closed).chmod(0o700)
    folders = [fresh_room.path, *fresh_room.path.rglob("*"), fresh_room.path.parent]
    before = permissions(folders)
    with fresh_room.postgres().running() as dsn:
        ask(dsn, "CREATE TABLE kept AS SELECT 1 AS n")
        assert "root" not in users(fresh_room)
    with fresh_room.postgres().running() as dsn:
        assert ask(dsn, "SELECT n FROM kept") == 1
    assert permissions(folders) == before
    assert fresh_room.cluster.parent == fresh_room.base / "clusters"
    told = [report for report in fresh_room.reports if str(fresh_room.cluster) in report]
    assert len(told) == 1


@as_root
def test_a_start_killed_while_it_makes_the_cluster_elsewhere_is_taken_up_again(
    fresh_room: Any, ask: Ask, wait_until: WaitUntil
) -> None:
    fresh_room.data_dir.mkdir(mode=0o700)
    holder = fresh_room.holder()
    wait_until(lambda: list(fresh_room.base.glob("clusters/*.new-*/PG_VERSION")))
    holder.kill()
    with fresh_room.postgres().running() as dsn:
        assert ask(dsn, "SELECT 1") == 1
    assert list((fresh_room.base / "clusters").iterdir()) == [fresh_room.cluster]
    assert not (fresh_room.data_dir / "postgres.new").is_symlink()
    shutil.rmtree(fresh_room.cluster)
    with pytest.raises(LostClusterError, match="are gone"), fresh_room.postgres().running():
        pass


@as_root
def test_a_cluster_that_has_become_unreachable_is_named(own_room: Any) -> None:
    with own_room.postgres().running():
        pass
    own_room.path.chmod(0o700)
    with (
        pytest.raises(UnreachableClusterError, match="x permission"),
        own_room.postgres().running(),
    ):
        pass


@as_root
def test_closed_programs_are_copied_once_and_stay_closed(
    own_room: Any, ask: Ask, package: Path
) -> None:
    closed = own_room.path / "closed"
    own_room.package = closed / package.name
    libraries = f"{package.name}.libs"
    shutil.copytree(package / "pginstall18", own_room.package / "pginstall18")
    shutil.copytree(package.with_name(libraries), closed / libraries)
    for path in closed.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    closed.chmod(0o700)
    before = permissions([own_room.path, closed, *closed.rglob("*")])
    copies = []
    for _ in range(2):
        with own_room.postgres().running() as dsn:
            assert ask(dsn, "SELECT 1") == 1
            assert Path(own_room.postmaster().exe()).is_relative_to(own_room.base)
        copies.append(list(own_room.base.iterdir()))
    assert permissions(before) == before
    assert copies[0] == copies[1]
    assert [path.name.split("-")[0] for path in copies[0]] == ["postgres"]
    for mode, uid, _ in permissions(copies[0][0].rglob("*")).values():
        assert uid == 0
        assert mode & 0o022 == 0
        assert mode & 0o044 == 0o044


@as_root
def test_a_folder_of_somebody_else_is_refused(fresh_room: Any) -> None:
    fresh_room.data_dir.mkdir()
    shutil.chown(fresh_room.data_dir, "nobody")
    with (
        pytest.raises(UnsafeFolderError, match="belongs to nobody"),
        fresh_room.postgres().running(),
    ):
        pass


@as_ordinary_user
def test_a_folder_of_root_is_refused(fresh_room: Any) -> None:
    fresh_room.data_dir = Path("/usr")
    with pytest.raises(UnsafeFolderError, match="belongs to root"), fresh_room.postgres().running():
        pass


def test_a_folder_that_everybody_may_write_to_is_refused(fresh_room: Any) -> None:
    fresh_room.data_dir.mkdir()
    fresh_room.data_dir.chmod(0o1777)
    with pytest.raises(UnsafeFolderError, match="everybody"), fresh_room.postgres().running():
        pass
