"""Every SQL text of the adapter, read once: one file a query, named as its constant here.

A fixed text is `bytes`, which psycopg takes as it is. A text with a ``{filters}`` slot is an
`sql.SQL`, which `eventanalytics_adapters.postgres.filters` fills.
"""

from importlib.resources import files
from typing import Any, Final

from psycopg import sql


def _fixed(name: str) -> bytes:
    return (files(__name__) / f"{name}.sql").read_bytes()


def _with_filters(name: str) -> sql.SQL:
    # Only our own files get past the check for literal text: values always travel as parameters.
    text: Any = _fixed(name).decode()
    return sql.SQL(text)


APPEND_EVENTS: Final = _fixed("append_events")
COMPARE_EVENTS: Final = _fixed("compare_events")
GET_EVENT: Final = _fixed("get_event")
LIST_EVENTS: Final = _with_filters("list_events")

DAILY_USERS: Final = _with_filters("daily_users")
TOP_EVENTS: Final = _with_filters("top_events")
RETENTION: Final = _with_filters("retention")
OVERVIEW: Final = _with_filters("overview")

TREND_GROUPS: Final = _with_filters("trend_groups")
TREND_EVENTS: Final = _with_filters("trend_events")
TREND_USERS: Final = _with_filters("trend_users")
TREND_ACTIVE_USERS: Final = _with_filters("trend_active_users")
TREND_NUMBERS: Final = _with_filters("trend_numbers")
TREND_PERCENTILES: Final = _with_filters("trend_percentiles")
TREND_MEMBERS: Final = _with_filters("trend_members")

SCHEMA_EVENT_TYPES: Final = _with_filters("schema_event_types")
SCHEMA_PROPERTIES: Final = _with_filters("schema_properties")
SCHEMA_VALUES: Final = _with_filters("schema_values")

FIND_PROJECT: Final = _fixed("find_project")
CREATE_PROJECT: Final = _fixed("create_project")

CREATE_ACCOUNT: Final = _fixed("create_account")
FIND_ACCOUNT: Final = _fixed("find_account")
FIND_ACCOUNT_BY_USERNAME: Final = _fixed("find_account_by_username")
SET_ACCOUNT_ACTIVE: Final = _fixed("set_account_active")
COUNT_ACCOUNTS: Final = _fixed("count_accounts")

CREATE_KEY: Final = _fixed("create_key")
FIND_KEY: Final = _fixed("find_key")
LIST_KEYS: Final = _fixed("list_keys")
REVOKE_KEY: Final = _fixed("revoke_key")

CHECK_HEALTH: Final = _fixed("check_health")
