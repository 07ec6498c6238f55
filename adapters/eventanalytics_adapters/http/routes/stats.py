"""Quick statistics: who is active, what happens most, who comes back."""

from litestar import get
from litestar.di import NamedDependency

from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.overview import Overview
from eventanalytics.usecases.answer import (
    CountDailyUsers,
    CountQuickRetention,
    RankEventTypes,
    SummariseProject,
)
from eventanalytics_adapters.http import examples, queries
from eventanalytics_adapters.http.operation import Answer, Operation
from eventanalytics_adapters.http.parameters import Asked
from eventanalytics_adapters.http.schemas import DailyUsersOut, RetentionOut, TopEventsOut

OVERVIEW = Operation(
    access=Permission.READ,
    name="getOverview",
    tag="Statistics",
    summary="How much there is",
    description=(
        "How many events, distinct users and event types the project holds, from when to when. "
        "Without events both times are null."
    ),
    parameters=queries.OF_OVERVIEW,
    answers={200: Answer("The overview.", Overview, examples.OVERVIEW)},
)
DAILY_USERS = Operation(
    access=Permission.READ,
    name="getDailyActiveUsers",
    tag="Statistics",
    summary="Distinct users of each day",
    description=(
        "How many different users did anything on each day from `from` to `to`, both included, "
        "days cut in `timezone`. Every day is listed. Counts are exact."
    ),
    parameters=queries.OF_DAILY_USERS,
    answers={200: Answer("One entry a day.", DailyUsersOut, examples.DAILY_USERS)},
)
TOP_EVENTS = Operation(
    access=Permission.READ,
    name="getTopEvents",
    tag="Statistics",
    summary="The most frequent event types",
    description=(
        "The event types that happened most from `from` to `to`, both included; those that "
        "happened equally often in order of name."
    ),
    parameters=queries.OF_TOP_EVENTS,
    answers={200: Answer("The most frequent first.", TopEventsOut, examples.TOP_EVENTS)},
)
RETENTION = Operation(
    access=Permission.READ,
    name="getRetention",
    tag="Statistics",
    summary="Who comes back",
    description=(
        "A user's cohort is the period of their first event among `windows` calendar periods, the "
        "first of which is the one that `start_date` lies in. `returned[k]` is how many of a "
        "cohort did anything in the k-th period after it, `returned[0]` its size; null where that "
        "period is not over. Row i has `windows` - i columns."
    ),
    parameters=queries.OF_RETENTION,
    answers={200: Answer("One cohort a period.", RetentionOut, examples.RETENTION)},
)


@get("/api/v1/stats", opt={"operation": OVERVIEW})
async def overview(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    summarise_project: NamedDependency[SummariseProject],
) -> Overview:
    """Summarise the project."""
    return await summarise_project(project, asked[queries.SEGMENT])


@get("/api/v1/stats/dau", opt={"operation": DAILY_USERS})
async def daily_users(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    count_daily_users: NamedDependency[CountDailyUsers],
) -> DailyUsersOut:
    """Count the distinct users of each day."""
    query = queries.daily_users_query(asked)
    return DailyUsersOut.from_domain(query, await count_daily_users(project, query))


@get("/api/v1/stats/top-events", opt={"operation": TOP_EVENTS})
async def top_events(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    rank_event_types: NamedDependency[RankEventTypes],
) -> TopEventsOut:
    """Rank the event types."""
    query = queries.top_events_query(asked)
    return TopEventsOut.from_domain(query, await rank_event_types(project, query))


@get("/api/v1/stats/retention", opt={"operation": RETENTION})
async def retention(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    count_quick_retention: NamedDependency[CountQuickRetention],
) -> RetentionOut:
    """Count who comes back."""
    query = queries.retention_query(asked)
    return RetentionOut.from_domain(query, await count_quick_retention(project, query))


ROUTES = (overview, daily_users, top_events, retention)
