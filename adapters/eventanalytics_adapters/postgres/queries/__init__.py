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
OVERVIEW: Final = _with_filters("overview")

PART_LIFECYCLE: Final = _with_filters("part_lifecycle")
LIFECYCLE: Final = _with_filters("lifecycle")
LIFECYCLE_USERS: Final = _with_filters("lifecycle_users")

PART_STICKINESS: Final = _with_filters("part_stickiness")
STICKINESS: Final = _with_filters("stickiness")
STICKINESS_USERS: Final = _with_filters("stickiness_users")

PART_RETENTION_SAME: Final = _with_filters("part_retention_same")
PART_RETENTION_OTHER: Final = _with_filters("part_retention_other")
RETENTION_ON: Final = _with_filters("retention_on")
RETENTION_ON_OR_AFTER: Final = _with_filters("retention_on_or_after")
RETENTION_USERS: Final = _with_filters("retention_users")

TREND_GROUPS: Final = _with_filters("trend_groups")
TREND_EVENTS: Final = _with_filters("trend_events")
TREND_EVENTS_BY_BUCKET: Final = _with_filters("trend_events_by_bucket")
TREND_EVENTS_BY_GROUP: Final = _with_filters("trend_events_by_group")
TREND_EVENTS_IN_GROUPS: Final = _with_filters("trend_events_in_groups")
TREND_USERS: Final = _with_filters("trend_users")
TREND_USERS_BY_BUCKET: Final = _with_filters("trend_users_by_bucket")
TREND_ACTIVE_USERS: Final = _with_filters("trend_active_users")
TREND_NUMBERS: Final = _with_filters("trend_numbers")
TREND_PERCENTILES: Final = _with_filters("trend_percentiles")
TREND_MEMBERS: Final = _with_filters("trend_members")

SCHEMA_EVENT_TYPES: Final = _with_filters("schema_event_types")
SCHEMA_PROPERTIES: Final = _with_filters("schema_properties")
SCHEMA_VALUES: Final = _with_filters("schema_values")

FUNNEL: Final = _with_filters("funnel")
FUNNEL_USERS: Final = _with_filters("funnel_users")
FUNNEL_STREAM: Final = _with_filters("funnel_stream")
FUNNEL_MOMENTS: Final = _with_filters("funnel_moments")
FUNNEL_TRACK: Final = _with_filters("funnel_track")
FUNNEL_TRACK_OF_VALUE: Final = _with_filters("funnel_track_of_value")
FUNNEL_TRACKS_BY_VALUE: Final = _with_filters("funnel_tracks_by_value")
FUNNEL_RANKS: Final = _with_filters("funnel_ranks")
FUNNEL_CHAIN: Final = _with_filters("funnel_chain")
FUNNEL_ATTEMPTS_IN_ORDER: Final = _with_filters("funnel_attempts_in_order")
FUNNEL_FIRSTS: Final = _with_filters("funnel_firsts")
FUNNEL_ATTEMPTS_IN_ANY_ORDER: Final = _with_filters("funnel_attempts_in_any_order")
FUNNEL_JOURNEYS: Final = _with_filters("funnel_journeys")
FUNNEL_TIMES: Final = _with_filters("funnel_times")
FUNNEL_NEXT_TIME: Final = _with_filters("funnel_next_time")
FUNNEL_PLAIN: Final = _with_filters("funnel_plain")
FUNNEL_PLAIN_JOURNEYS: Final = _with_filters("funnel_plain_journeys")
FUNNEL_VALUED: Final = _with_filters("funnel_valued")
FUNNEL_PLACED_AT_ONE: Final = _with_filters("funnel_placed_at_one")
FUNNEL_PLACED_BY_TRACK: Final = _with_filters("funnel_placed_by_track")
FUNNEL_PLACED_BY_VALUE: Final = _with_filters("funnel_placed_by_value")

SESSIONS: Final = _with_filters("sessions")
SESSIONS_USERS: Final = _with_filters("sessions_users")
PATHS: Final = _with_filters("paths")
PATHS_USERS: Final = _with_filters("paths_users")
PART_SESSION: Final = _with_filters("part_session")
PART_PATH: Final = _with_filters("part_path")

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
