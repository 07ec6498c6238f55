"""The query parameters of this API, and the questions of the core that they make."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from eventanalytics.domain.daily_users import DailyUsersQuery
from eventanalytics.domain.filters import Condition, EventFilter
from eventanalytics.domain.projects import DEFAULT_SLUG
from eventanalytics.domain.quick_retention import MAX_WINDOWS, QuickRetentionQuery
from eventanalytics.domain.time import Calendar, DateRange, Interval, WeekStart
from eventanalytics.domain.top_events import MAX_LIMIT as MAX_TOP
from eventanalytics.domain.top_events import TopEventsQuery
from eventanalytics.usecases.list_events import MAX_LIMIT, MAX_OFFSET
from eventanalytics_adapters.http import parsing
from eventanalytics_adapters.http.parameters import (
    REQUIRED,
    Asked,
    Parameter,
    Parameters,
    each,
    once,
)

PERIODS: Final[Mapping[str, Interval]] = {
    "day": Interval.DAY,
    "week": Interval.WEEK,
    "month": Interval.MONTH,
}
WEEK_STARTS: Final[Mapping[str, WeekStart]] = {start.value: start for start in WeekStart}

_DATE = {"type": "string", "format": "date"}
_MOMENT = {
    "type": "string",
    "anyOf": [{"format": "date"}, {"format": "date-time"}],
}
_NO_CONDITIONS: tuple[Condition, ...] = ()

PROJECT: Final = Parameter[str | None](
    name="project",
    read=once(parsing.text),
    schema={"type": "string", "minLength": 1, "maxLength": 64},
    description=(
        f"The slug of the project. Default: the key's own project, or `{DEFAULT_SLUG}` for a "
        "person. A key cannot name another project than its own."
    ),
    example="default",
    default=None,
)
TIMEZONE: Final = Parameter[str](
    name="timezone",
    read=once(parsing.text),
    schema={"type": "string", "minLength": 1, "default": "UTC"},
    description="The time zone that days are cut in: an IANA name.",
    example="Europe/Kyiv",
    default="UTC",
)
USER_ID: Final = Parameter[str | None](
    name="user_id",
    read=once(parsing.text),
    schema={"type": "string", "minLength": 1},
    description="Only events of this user.",
    example="7",
    default=None,
)
EVENT_TYPE: Final = Parameter[str | None](
    name="event_type",
    read=once(parsing.text),
    schema={"type": "string", "minLength": 1},
    description="Only events of this type.",
    example="purchase",
    default=None,
)
SINCE: Final = Parameter[parsing.Moment | None](
    name="from",
    read=once(parsing.moment),
    schema=_MOMENT,
    description=(
        "Only events from here on. A date is the beginning of that day in `timezone`; a time "
        "without an offset is UTC."
    ),
    example="2025-08-01",
    default=None,
)
UNTIL: Final = Parameter[parsing.Moment | None](
    name="to",
    read=once(parsing.moment),
    schema=_MOMENT,
    description=(
        "Only events before this time, which itself does not belong; given as a date, that whole "
        "day belongs."
    ),
    example="2025-08-31",
    default=None,
)
PROPERTIES: Final = Parameter[tuple[Condition, ...]](
    name="properties.",
    read=each(parsing.property_filter),
    schema={
        "type": "object",
        "patternProperties": {r"^properties\.[^\u0000]+$": {"type": "string"}},
        "additionalProperties": False,
        "default": {},
    },
    description=(
        "Only events with these properties: `properties.<key>=<value>`, such as "
        "`properties.country=UA`; repeatable, all must hold. A value has no type: it matches the "
        "text, and also the number or boolean so written."
    ),
    default=_NO_CONDITIONS,
    is_prefix=True,
)
LIMIT: Final = Parameter[int](
    name="limit",
    read=once(parsing.integer),
    schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 100},
    description="How many events at most.",
    example=50,
    default=100,
)
OFFSET: Final = Parameter[int | None](
    name="offset",
    read=once(parsing.integer),
    schema={"type": "integer", "minimum": 0, "maximum": MAX_OFFSET},
    description="How many of the latest events to leave out; not together with `cursor`.",
    default=None,
)
CURSOR: Final = Parameter[str | None](
    name="cursor",
    read=once(parsing.text),
    schema={"type": "string", "minLength": 1},
    description="The `next_cursor` of the page before; not together with `offset`.",
    default=None,
)
FIRST_DAY: Final = Parameter[date](
    name="from",
    read=once(parsing.day),
    schema=_DATE,
    description="The first day.",
    example="2025-08-01",
    default=REQUIRED,
)
LAST_DAY: Final = Parameter[date](
    name="to",
    read=once(parsing.day),
    schema=_DATE,
    description="The last day; it is included.",
    example="2025-08-07",
    default=REQUIRED,
)
TOP: Final = Parameter[int](
    name="limit",
    read=once(parsing.integer),
    schema={"type": "integer", "minimum": 1, "maximum": MAX_TOP, "default": 10},
    description="How many event types at most.",
    example=10,
    default=10,
)
START: Final = Parameter[date](
    name="start_date",
    read=once(parsing.day),
    schema=_DATE,
    description="A day of the first period.",
    example="2025-08-01",
    default=REQUIRED,
)
WINDOWS: Final = Parameter[int](
    name="windows",
    read=once(parsing.integer),
    schema={"type": "integer", "minimum": 1, "maximum": MAX_WINDOWS, "default": 3},
    description="How many periods, and so how many cohorts.",
    example=3,
    default=3,
)
PERIOD: Final = Parameter[Interval](
    name="period",
    read=once(parsing.choice(PERIODS)),
    schema={"type": "string", "enum": list(PERIODS), "default": "week"},
    description="How long a period is, on the calendar of `timezone`.",
    example="week",
    default=Interval.WEEK,
)
WEEK_START: Final = Parameter[WeekStart](
    name="week_start",
    read=once(parsing.choice(WEEK_STARTS)),
    schema={"type": "string", "enum": list(WEEK_STARTS), "default": "monday"},
    description="The day that weeks begin on.",
    default=WeekStart.MONDAY,
)
SEGMENT: Final = Parameter[tuple[Condition, ...]](
    name="segment",
    read=each(parsing.segment),
    schema={"type": "array", "items": {"type": "string"}, "maxItems": 50},
    description=(
        "Only events of this kind: `event_type:<value>`, `user_id:<value>` or "
        "`properties.<key>:<value>`, repeatable, all must hold."
    ),
    example=["properties.country:UA"],
    default=_NO_CONDITIONS,
    is_repeatable=True,
)

NO_PARAMETERS: Final = Parameters()
PROJECT_ONLY: Final = Parameters(PROJECT)
OF_EVENTS: Final = Parameters(
    PROJECT, USER_ID, EVENT_TYPE, SINCE, UNTIL, TIMEZONE, PROPERTIES, LIMIT, OFFSET, CURSOR
)
OF_OVERVIEW: Final = Parameters(PROJECT, SEGMENT)
OF_DAILY_USERS: Final = Parameters(PROJECT, FIRST_DAY, LAST_DAY, TIMEZONE, SEGMENT)
OF_TOP_EVENTS: Final = Parameters(PROJECT, FIRST_DAY, LAST_DAY, TOP, TIMEZONE, SEGMENT)
OF_RETENTION: Final = Parameters(PROJECT, START, WINDOWS, PERIOD, TIMEZONE, WEEK_START, SEGMENT)


def event_filter(asked: Asked) -> EventFilter:
    """Return which events are wanted."""
    since, until = parsing.bounds(Calendar(asked[TIMEZONE]), asked[SINCE], asked[UNTIL])
    return EventFilter(
        user_id=asked[USER_ID],
        event_type=asked[EVENT_TYPE],
        since=since,
        until=until,
        where=asked[PROPERTIES],
    )


def daily_users_query(asked: Asked) -> DailyUsersQuery:
    """Return the question for daily active users."""
    return DailyUsersQuery(
        days=DateRange(asked[FIRST_DAY], asked[LAST_DAY]),
        calendar=Calendar(asked[TIMEZONE]),
        where=asked[SEGMENT],
    )


def top_events_query(asked: Asked) -> TopEventsQuery:
    """Return the question for the most frequent event types."""
    return TopEventsQuery(
        days=DateRange(asked[FIRST_DAY], asked[LAST_DAY]),
        limit=asked[TOP],
        calendar=Calendar(asked[TIMEZONE]),
        where=asked[SEGMENT],
    )


def retention_query(asked: Asked) -> QuickRetentionQuery:
    """Return the question for retention."""
    return QuickRetentionQuery(
        start=asked[START],
        windows=asked[WINDOWS],
        period=asked[PERIOD],
        calendar=Calendar(asked[TIMEZONE], asked[WEEK_START]),
        where=asked[SEGMENT],
    )
