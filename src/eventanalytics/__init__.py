"""Event analytics whose numbers have a written meaning: the pure core.

The domain functions define every answer; the use cases run over ports; `eventanalytics.memory` has
adapters without any I/O, and `eventanalytics.testing` the rules that every other adapter must pass.
"""

from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery, count_daily_users
from eventanalytics.domain.events import (
    Event,
    ProjectId,
    Receipt,
    Refusal,
    Submission,
    Verdict,
)
from eventanalytics.domain.filters import Condition, EventFilter, Operator
from eventanalytics.domain.overview import Overview, summarise
from eventanalytics.domain.reading import read_batch, read_event, read_json_event
from eventanalytics.domain.retention import Cohort, RetentionQuery, count_retention
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange, WeekStart
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery, rank_event_types
from eventanalytics.errors import EventAnalyticsError, Fault
from eventanalytics.usecases.answer import (
    CountDailyUsers,
    CountRetention,
    RankEventTypes,
    SummariseProject,
)
from eventanalytics.usecases.list_events import EventPage, GetEvent, ListEvents
from eventanalytics.usecases.record_events import RecordEvents

__all__ = [
    "Calendar",
    "Cohort",
    "Condition",
    "CountDailyUsers",
    "CountRetention",
    "DailyUsers",
    "DailyUsersQuery",
    "DateRange",
    "Event",
    "EventAnalyticsError",
    "EventFilter",
    "EventPage",
    "EventTypeCount",
    "Fault",
    "GetEvent",
    "Interval",
    "ListEvents",
    "Operator",
    "Overview",
    "ProjectId",
    "RankEventTypes",
    "Receipt",
    "RecordEvents",
    "Refusal",
    "RetentionQuery",
    "Submission",
    "SummariseProject",
    "TimeRange",
    "TopEventsQuery",
    "Verdict",
    "WeekStart",
    "count_daily_users",
    "count_retention",
    "rank_event_types",
    "read_batch",
    "read_event",
    "read_json_event",
    "summarise",
]
