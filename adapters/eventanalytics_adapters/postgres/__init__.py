"""Postgres behind the ports: events, answers, projects, accounts and keys.

* ``pool`` opens connections, all configured alike, and knows their health; ``errors`` translates
  what they raise;
* ``schema`` applies the migrations;
* ``event_store``, ``insights`` and ``access`` are the adapters; each takes the pool;
* ``filters`` writes conditions as SQL; ``queries`` holds every other text of SQL, a file each.
"""

from eventanalytics_adapters.postgres.access import (
    PostgresAccountStore,
    PostgresKeyStore,
    PostgresProjectStore,
)
from eventanalytics_adapters.postgres.event_store import PostgresEventStore
from eventanalytics_adapters.postgres.insights import PostgresInsights
from eventanalytics_adapters.postgres.pool import PostgresHealth, open_pool

__all__ = [
    "PostgresAccountStore",
    "PostgresEventStore",
    "PostgresHealth",
    "PostgresInsights",
    "PostgresKeyStore",
    "PostgresProjectStore",
    "open_pool",
]
