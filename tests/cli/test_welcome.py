"""What is read after a start: narrow, complete, and only what was made just now."""

import json
import re
import shlex
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from eventanalytics.domain.access import Account, AccountId, Role
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.projects import Project
from eventanalytics.usecases.prepare_first_use import FirstUse
from eventanalytics_adapters.auth import RandomKeyMaker
from eventanalytics_adapters.cli.listening import CannotListenError, address_of, bind
from eventanalytics_adapters.cli.welcome import Welcome, option

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ADMIN = Account(
    id=AccountId(1),
    username="admin",
    email="admin@localhost",
    role=Role.ADMIN,
    is_active=True,
    created_at=NOW,
)
FIRST = FirstUse(
    project=Project(id=ProjectId(1), slug="default", name="Default"),
    admin=ADMIN,
    key=RandomKeyMaker().make()[0],
    has_accounts=True,
)


def welcome(**changes: Any) -> list[str]:
    facts = Welcome(
        version="1.2.3",
        address="http://127.0.0.1:65535",
        database="/var/lib/eventanalytics",
        first_use=FIRST,
        generated_password="abcde-abcde-abcde-abcde",
        options="",
        event_id=UUID(int=1),
        now=NOW,
    )
    return list(msgspec.structs.replace(facts, **changes).lines())


def test_the_first_start_fits_into_80_columns() -> None:
    assert max(map(len, welcome())) <= 80


def test_the_command_is_one_that_a_shell_understands() -> None:
    text = "\n".join(welcome())
    found = re.search(r"curl .*?\}'", text, re.DOTALL)
    assert found is not None
    words = shlex.split(found[0])
    assert words[:2] == ["curl", "http://127.0.0.1:65535/api/v1/events"]
    assert f"X-API-Key: {FIRST.key}" in words
    [event] = json.loads(words[-1])["events"]
    assert event["event_id"] == str(UUID(int=1))
    assert event["occurred_at"] == "2026-01-02T03:04:05Z"


def test_a_later_start_shows_nothing_secret_but_the_way_to_a_new_key() -> None:
    later = msgspec.structs.replace(FIRST, admin=None, key=None)
    text = "\n".join(welcome(first_use=later, options=option("--data-dir", "/my data")))
    assert "Password" not in text
    assert "ea_" not in text
    assert "create-key --name NAME --data-dir '/my data'" in text


def test_a_password_from_the_settings_is_not_repeated() -> None:
    text = "\n".join(welcome(generated_password=None))
    assert "as set in ADMIN_PASSWORD" in text


def test_where_nobody_can_sign_in_it_says_how_to_change_that() -> None:
    nobody = msgspec.structs.replace(FIRST, admin=None, has_accounts=False)
    lines = welcome(first_use=nobody, options=option("--data-dir", "/a/long/name/" * 4))
    assert any("eventanalytics create-admin" in line for line in lines)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("host", "name"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")],
)
def test_the_address_is_one_that_this_machine_can_open(host: str, name: str) -> None:
    with bind(host, 0) as bound:
        port = bound.getsockname()[1]
        assert address_of(bound, host) == f"http://{name}:{port}"


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [("no.such.host.invalid", 0, "no such host"), ("192.0.2.1", 0, "cannot listen on 192.0.2.1")],
)
def test_an_address_that_is_not_ours_is_said(host: str, port: int, said: str) -> None:
    with pytest.raises(CannotListenError, match=said):
        bind(host, port)


def test_a_port_in_use_is_said() -> None:
    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=f"port {port} on 127.0.0.1 is in use"):
            bind("127.0.0.1", port)
