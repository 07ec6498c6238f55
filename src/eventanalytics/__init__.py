"""Event analytics whose numbers have a written meaning: the pure core.

The domain functions define every answer; the use cases run over ports; `eventanalytics.memory` has
adapters without any I/O, and `eventanalytics.testing` the rules that every other adapter must pass.
"""

from eventanalytics.domain.breakdowns import Breakdown, Group, GroupKind
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
from eventanalytics.domain.funnel import (
    Funnel,
    FunnelGroup,
    FunnelStep,
    count_funnel,
    funnel_users,
)
from eventanalytics.domain.funnel_query import (
    Attribution,
    Exclusion,
    FunnelBreakdown,
    FunnelCell,
    FunnelOrder,
    FunnelOutcome,
    FunnelQuery,
)
from eventanalytics.domain.lifecycle import (
    Lifecycle,
    LifecycleCell,
    LifecycleClass,
    LifecycleQuery,
    count_lifecycle,
)
from eventanalytics.domain.overview import Overview, summarise
from eventanalytics.domain.paths import (
    PathDropoff,
    PathEdge,
    PathsCell,
    PathsQuery,
    PathsResult,
    count_paths,
    paths_users,
)
from eventanalytics.domain.quick_retention import (
    Cohort,
    QuickRetentionQuery,
    count_quick_retention,
)
from eventanalytics.domain.reading import read_batch, read_event, read_json_event
from eventanalytics.domain.retention import Retention, RetentionCohort, count_retention
from eventanalytics.domain.retention_query import RetentionKind, RetentionMode, RetentionQuery
from eventanalytics.domain.schema import (
    EventTypeSeen,
    EventTypesQuery,
    PropertiesQuery,
    PropertySeen,
    ValueSeen,
    ValuesQuery,
    seen_event_types,
    seen_properties,
    seen_values,
)
from eventanalytics.domain.selection import EventSelector
from eventanalytics.domain.sessions import (
    SessionFigures,
    SessionsCell,
    SessionsQuery,
    SessionsResult,
    count_sessions,
    sessions_users,
)
from eventanalytics.domain.stickiness import (
    Stickiness,
    StickinessCell,
    StickinessCount,
    StickinessQuery,
    count_stickiness,
)
from eventanalytics.domain.time import Calendar, DateRange, Interval, TimeRange, WeekStart
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery, rank_event_types
from eventanalytics.domain.trends import (
    LabelledSeries,
    Trends,
    count_trends,
    trends_users,
)
from eventanalytics.domain.trends_query import Measure, TrendsCell, TrendsQuery, TrendsSeries
from eventanalytics.errors import EventAnalyticsError, Fault
from eventanalytics.usecases.answer import (
    CountDailyUsers,
    CountQuickRetention,
    RankEventTypes,
    SummariseProject,
)
from eventanalytics.usecases.count_funnel import CountFunnel, ListFunnelUsers
from eventanalytics.usecases.count_paths import CountPaths, ListPathsUsers
from eventanalytics.usecases.count_retention import CountRetention
from eventanalytics.usecases.count_sessions import CountSessions, ListSessionsUsers
from eventanalytics.usecases.count_trends import CountTrends, ListTrendsUsers
from eventanalytics.usecases.describe_schema import (
    ListEventTypes,
    ListProperties,
    ListPropertyValues,
)
from eventanalytics.usecases.list_events import EventPage, GetEvent, ListEvents
from eventanalytics.usecases.record_events import RecordEvents

__all__ = [
    "Attribution",
    "Breakdown",
    "Calendar",
    "Cohort",
    "Condition",
    "CountDailyUsers",
    "CountFunnel",
    "CountPaths",
    "CountQuickRetention",
    "CountRetention",
    "CountSessions",
    "CountTrends",
    "DailyUsers",
    "DailyUsersQuery",
    "DateRange",
    "Event",
    "EventAnalyticsError",
    "EventFilter",
    "EventPage",
    "EventSelector",
    "EventTypeCount",
    "EventTypeSeen",
    "EventTypesQuery",
    "Exclusion",
    "Fault",
    "Funnel",
    "FunnelBreakdown",
    "FunnelCell",
    "FunnelGroup",
    "FunnelOrder",
    "FunnelOutcome",
    "FunnelQuery",
    "FunnelStep",
    "GetEvent",
    "Group",
    "GroupKind",
    "Interval",
    "LabelledSeries",
    "Lifecycle",
    "LifecycleCell",
    "LifecycleClass",
    "LifecycleQuery",
    "ListEventTypes",
    "ListEvents",
    "ListFunnelUsers",
    "ListPathsUsers",
    "ListProperties",
    "ListPropertyValues",
    "ListSessionsUsers",
    "ListTrendsUsers",
    "Measure",
    "Operator",
    "Overview",
    "PathDropoff",
    "PathEdge",
    "PathsCell",
    "PathsQuery",
    "PathsResult",
    "ProjectId",
    "PropertiesQuery",
    "PropertySeen",
    "QuickRetentionQuery",
    "RankEventTypes",
    "Receipt",
    "RecordEvents",
    "Refusal",
    "Retention",
    "RetentionCohort",
    "RetentionKind",
    "RetentionMode",
    "RetentionQuery",
    "SessionFigures",
    "SessionsCell",
    "SessionsQuery",
    "SessionsResult",
    "Stickiness",
    "StickinessCell",
    "StickinessCount",
    "StickinessQuery",
    "Submission",
    "SummariseProject",
    "TimeRange",
    "TopEventsQuery",
    "Trends",
    "TrendsCell",
    "TrendsQuery",
    "TrendsSeries",
    "ValueSeen",
    "ValuesQuery",
    "Verdict",
    "WeekStart",
    "count_daily_users",
    "count_funnel",
    "count_lifecycle",
    "count_paths",
    "count_quick_retention",
    "count_retention",
    "count_sessions",
    "count_stickiness",
    "count_trends",
    "funnel_users",
    "paths_users",
    "rank_event_types",
    "read_batch",
    "read_event",
    "read_json_event",
    "seen_event_types",
    "seen_properties",
    "seen_values",
    "sessions_users",
    "summarise",
    "trends_users",
]
