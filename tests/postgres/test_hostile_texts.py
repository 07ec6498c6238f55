"""Every text from outside is data: in any field, in the name of a property, in any value."""

import secrets

import msgspec
import pytest
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.access import Role, Scope
from eventanalytics.domain.daily_users import DailyUsersQuery
from eventanalytics.domain.events import Verdict
from eventanalytics.domain.filters import Condition, EventFilter, Operator
from eventanalytics.domain.time import DateRange
from eventanalytics.domain.top_events import TopEventsQuery
from eventanalytics.testing.contracts import NewProject
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP
from eventanalytics_adapters.postgres import (
    PostgresAccountStore,
    PostgresEventStore,
    PostgresInsights,
    PostgresKeyStore,
    PostgresProjectStore,
)

TEXTS = [
    "'; DROP TABLE event; --",
    '"; DROP TABLE event; --',
    "' OR '1'='1",
    "\\'; DELETE FROM event; --",
    "%s %(project_id)s %% %b {filters} {0} {}",
    "$1 :name ?",
    '{"a": 1}',
    '{"quoted","list",NULL}',
    "'::jsonb",
    "$$ $tag$",
    "NULL",
    "\\",
    "\\x00",
    "\\u0000",
    "a\nb\r\tc",
    "/* */ -- ",
    "\N{RIGHT SINGLE QUOTATION MARK}\N{FULLWIDTH APOSTROPHE}",
]
DAYS = DateRange(NOON.date(), NOON.date())
OPERATORS = (Operator.EQ, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)


@pytest.mark.parametrize("text", TEXTS)
async def test_events_and_filters_take_any_text_as_data(
    postgres_pool: AsyncConnectionPool, new_project: NewProject, text: str
) -> None:
    store, insights = PostgresEventStore(postgres_pool), PostgresInsights(postgres_pool)
    project = await new_project()
    event = msgspec.structs.replace(
        SIGN_UP, user_id=text, event_type=text, properties={text: text, "nested": {text: [text]}}
    )
    assert list(await store.append(project, [event])) == [Verdict.CREATED]
    assert list(await store.append(project, [event])) == [Verdict.DUPLICATE]
    assert await store.get(project, event.event_id) == event

    asked = [Condition(name, op, text) for name in (text, "$user_id") for op in OPERATORS]
    asked += [Condition(text, Operator.IN, [text, 1]), Condition(text, Operator.IS_SET)]
    asked += [
        Condition("$event_type", Operator.IN, [text]),
        Condition(f"no {text}", Operator.NEQ, text),
    ]
    for condition in asked:
        wanted = EventFilter(user_id=text, event_type=text, where=(condition,))
        assert list(await store.list(project, wanted, limit=9)) == [event], condition
    where = tuple(asked)
    [day] = await insights.daily_users(project, DailyUsersQuery(days=DAYS, where=where))
    assert day.unique_users == 1
    [top] = await insights.top_events(project, TopEventsQuery(days=DAYS, where=where))
    assert (top.event_type, top.count) == (text, 1)
    assert (await insights.overview(project, where)).events == 1

    none = EventFilter(where=(Condition(f"no {text}", Operator.EQ, text),))
    assert await store.list(project, none, limit=9) == []


@pytest.mark.parametrize("text", TEXTS)
async def test_projects_accounts_and_keys_take_any_text_as_data(
    postgres_pool: AsyncConnectionPool, text: str
) -> None:
    projects, keys = PostgresProjectStore(postgres_pool), PostgresKeyStore(postgres_pool)
    accounts = PostgresAccountStore(postgres_pool)
    name = f"{secrets.token_hex(8)}{text}"
    project = await projects.create(name, text)
    assert await projects.find(name) == project

    account = await accounts.create(
        username=name, email=f"{name}@x", password_hash=text, role=Role.VIEWER, created_at=NOON
    )
    assert await accounts.find_by_username(name) == (account, text)

    key_hash = secrets.token_bytes(32)
    key = await keys.create(
        project.id,
        name=text,
        prefix=text,
        key_hash=key_hash,
        scopes=frozenset(Scope),
        created_at=NOON,
        expires_at=None,
    )
    assert await keys.find(key_hash) == (key, project)


@pytest.mark.parametrize("text", ["a\0b", "\0", "half \ud83d"])
async def test_a_name_that_cannot_be_stored_is_not_found(
    postgres_pool: AsyncConnectionPool, text: str
) -> None:
    assert await PostgresProjectStore(postgres_pool).find(text) is None
    assert await PostgresAccountStore(postgres_pool).find_by_username(text) is None
