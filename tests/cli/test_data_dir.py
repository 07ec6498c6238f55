"""The data folder has one server at a time, and a secret that is made once."""

import os
import stat
from pathlib import Path

import pytest

from eventanalytics_adapters.cli import data_dir
from eventanalytics_adapters.cli.data_dir import (
    AlreadyServingError,
    default_data_dir,
    refuse_if_served,
    serving,
    token_secret,
)
from eventanalytics_adapters.settings import check_secret


def test_a_folder_that_is_served_says_by_whom(tmp_path: Path) -> None:
    with serving(tmp_path, address="http://localhost:1"):
        with pytest.raises(AlreadyServingError, match=f"pid {os.getpid()} at http://localhost:1"):
            refuse_if_served(tmp_path)
        with pytest.raises(AlreadyServingError), serving(tmp_path, address="http://localhost:2"):
            pytest.fail("two servers at once")
    refuse_if_served(tmp_path)
    with serving(tmp_path, address="http://localhost:3"), pytest.raises(AlreadyServingError) as who:
        refuse_if_served(tmp_path)
    assert (who.value.pid, who.value.address) == (os.getpid(), "http://localhost:3")


def test_a_folder_that_does_not_exist_is_served_by_nobody(tmp_path: Path) -> None:
    refuse_if_served(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_server_that_has_not_said_who_it_is_yet_is_there_all_the_same(tmp_path: Path) -> None:
    with serving(tmp_path, address="http://localhost:1"):
        (tmp_path / "serve.lock").write_text("")
        with pytest.raises(AlreadyServingError, match="just starting"):
            refuse_if_served(tmp_path)


def test_the_secret_is_made_once_and_is_a_good_one(tmp_path: Path) -> None:
    secret = token_secret(tmp_path)
    assert check_secret(secret) == secret
    assert token_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "jwt-secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["jwt-secret"]


def test_of_two_that_make_the_secret_at_once_both_get_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exists = Path.exists
    first = token_secret(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda path: path.name != "jwt-secret" and exists(path))
    assert token_secret(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == ["jwt-secret"]


def test_root_has_the_folder_of_the_system_and_others_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == data_dir.ROOT_DATA_DIR
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_data_dir().is_relative_to(tmp_path)
    assert default_data_dir().name == "eventanalytics"
