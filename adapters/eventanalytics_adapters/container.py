"""The wiring: which adapter stands behind which port, and what each use case is given."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from dependency_injector import containers, providers

from eventanalytics.memory import (
    InMemoryAccountStore,
    InMemoryEventStore,
    InMemoryInsights,
    InMemoryKeyStore,
    InMemoryProjectStore,
    SystemClock,
)
from eventanalytics.ports.access import (
    AccountStore,
    KeyMaker,
    KeyStore,
    PasswordHasher,
    ProjectStore,
    Tokens,
)
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights import Insights
from eventanalytics.usecases.answer import (
    CountDailyUsers,
    CountQuickRetention,
    RankEventTypes,
    SummariseProject,
)
from eventanalytics.usecases.count_funnel import CountFunnel, ListFunnelUsers
from eventanalytics.usecases.count_lifecycle import CountLifecycle, ListLifecycleUsers
from eventanalytics.usecases.count_paths import CountPaths, ListPathsUsers
from eventanalytics.usecases.count_retention import CountRetention, ListRetentionUsers
from eventanalytics.usecases.count_sessions import CountSessions, ListSessionsUsers
from eventanalytics.usecases.count_stickiness import CountStickiness, ListStickinessUsers
from eventanalytics.usecases.count_trends import CountTrends, ListTrendsUsers
from eventanalytics.usecases.describe_schema import (
    ListEventTypes,
    ListProperties,
    ListPropertyValues,
)
from eventanalytics.usecases.grant_access import CreateAccount, CreateKey
from eventanalytics.usecases.list_events import GetEvent, ListEvents
from eventanalytics.usecases.prepare_first_use import PrepareFirstUse
from eventanalytics.usecases.projects import CreateProject, FindProject
from eventanalytics.usecases.record_events import RecordEvents
from eventanalytics.usecases.sign_in import IdentifyAccount, IdentifyKey, SignIn
from eventanalytics_adapters.auth import Argon2PasswordHasher, JwtTokens, RandomKeyMaker
from eventanalytics_adapters.postgres import (
    PostgresAccountStore,
    PostgresEventStore,
    PostgresHealth,
    PostgresInsights,
    PostgresKeyStore,
    PostgresProjectStore,
    open_pool,
)
from eventanalytics_adapters.settings import Settings, SettingsError, check_secret


@runtime_checkable
class Health(Protocol):
    """Tells whether a store can be worked with."""

    async def check(self) -> None:
        """Return when it can.

        Raises:
            StoreUnavailableError: It cannot; the message says why, without any secret.
        """
        ...


class Container(containers.DeclarativeContainer):
    """Everything the entry points run, over Postgres.

    `settings` and, once it is open, `pool` come from outside. To put another adapter behind a port
    takes one line: ``container.event_store.override(providers.Object(mine))``.
    """

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    pool: providers.Dependency[Any] = providers.Dependency()
    """An open `psycopg_pool.AsyncConnectionPool`; who opened it closes it."""

    clock: providers.Provider[Clock] = providers.Singleton(SystemClock)
    event_store: providers.Provider[EventStore] = providers.Singleton(PostgresEventStore, pool)
    insights: providers.Provider[Insights] = providers.Singleton(PostgresInsights, pool)
    projects: providers.Provider[ProjectStore] = providers.Singleton(PostgresProjectStore, pool)
    accounts: providers.Provider[AccountStore] = providers.Singleton(PostgresAccountStore, pool)
    keys: providers.Provider[KeyStore] = providers.Singleton(PostgresKeyStore, pool)
    health: providers.Provider[Health] = providers.Singleton(PostgresHealth, pool)

    hasher: providers.Provider[PasswordHasher] = providers.Singleton(Argon2PasswordHasher)
    key_maker: providers.Provider[KeyMaker] = providers.Singleton(RandomKeyMaker)
    tokens: providers.Provider[Tokens] = providers.Singleton(
        JwtTokens,
        secret=providers.Callable(check_secret, settings.provided.jwt_secret_key),
        algorithm=settings.provided.jwt_algorithm,
        lifetime=providers.Callable(
            timedelta, minutes=settings.provided.jwt_access_token_expire_minutes
        ),
    )

    record_events = providers.Factory(RecordEvents, event_store, clock)
    list_events = providers.Factory(ListEvents, event_store)
    get_event = providers.Factory(GetEvent, event_store)
    count_daily_users = providers.Factory(CountDailyUsers, insights)
    rank_event_types = providers.Factory(RankEventTypes, insights)
    count_retention = providers.Factory(CountRetention, insights, clock)
    list_retention_users = providers.Factory(ListRetentionUsers, insights, clock)
    count_lifecycle = providers.Factory(CountLifecycle, insights, clock)
    list_lifecycle_users = providers.Factory(ListLifecycleUsers, insights, clock)
    count_stickiness = providers.Factory(CountStickiness, insights, clock)
    list_stickiness_users = providers.Factory(ListStickinessUsers, insights, clock)
    count_quick_retention = providers.Factory(CountQuickRetention, insights, clock)
    count_sessions = providers.Factory(CountSessions, insights, clock)
    list_sessions_users = providers.Factory(ListSessionsUsers, insights, clock)
    count_paths = providers.Factory(CountPaths, insights, clock)
    list_paths_users = providers.Factory(ListPathsUsers, insights, clock)
    summarise_project = providers.Factory(SummariseProject, insights)
    count_trends = providers.Factory(CountTrends, insights, clock)
    list_trends_users = providers.Factory(ListTrendsUsers, insights, clock)
    list_event_types = providers.Factory(ListEventTypes, insights)
    list_properties = providers.Factory(ListProperties, insights)
    list_property_values = providers.Factory(ListPropertyValues, insights)
    count_funnel = providers.Factory(CountFunnel, insights, clock)
    list_funnel_users = providers.Factory(ListFunnelUsers, insights, clock)
    find_project = providers.Factory(FindProject, projects)
    create_project = providers.Factory(CreateProject, projects)
    sign_in = providers.Factory(SignIn, accounts, hasher, tokens, clock)
    identify_account = providers.Factory(IdentifyAccount, accounts, tokens, clock)
    identify_key = providers.Factory(IdentifyKey, keys, key_maker, clock)
    create_account = providers.Factory(CreateAccount, accounts, hasher, clock)
    create_key = providers.Factory(CreateKey, keys, key_maker, clock)
    prepare_first_use = providers.Factory(
        PrepareFirstUse, projects, accounts, keys, create_account, create_key
    )


class AlwaysHealthy:
    """The health of a store that lives in this process."""

    async def check(self) -> None:
        """Find nothing wrong."""


def in_memory_container(settings: Settings) -> Container:
    """Return the wiring with every store in memory: for tests, and to embed the API."""
    container = Container(settings=settings)
    projects, events = InMemoryProjectStore(), InMemoryEventStore()
    container.override_providers(
        event_store=providers.Object(events),
        insights=providers.Object(InMemoryInsights(events)),
        projects=providers.Object(projects),
        accounts=providers.Object(InMemoryAccountStore()),
        keys=providers.Object(InMemoryKeyStore(projects)),
        health=providers.Object(AlwaysHealthy()),
    )
    return container


@asynccontextmanager
async def open_postgres(container: Container) -> AsyncGenerator[None]:
    """Open the pool that the settings describe, hand it to *container*, and close it at the end.

    A server that cannot be reached now is tried again in the background: until then every call
    raises `StoreUnavailableError`.

    Raises:
        SettingsError: The settings name no server.
    """
    settings = container.settings()
    if settings.conninfo is None:
        message = "set DATABASE_URL or POSTGRES_HOST"
        raise SettingsError.of("DATABASE_URL", "no_database", message)
    pool = open_pool(
        settings.conninfo,
        min_size=min(2, settings.postgres_pool_size),
        max_size=settings.postgres_pool_size,
        statement_timeout=timedelta(seconds=settings.statement_timeout_seconds),
    )
    async with pool:
        with container.override_providers(pool=providers.Object(pool)):
            yield
