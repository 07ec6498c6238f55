"""Answer the quick questions: who is active, what happens most, who comes back."""

from collections.abc import Sequence

from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.overview import Overview
from eventanalytics.domain.quick_retention import Cohort, QuickRetentionQuery, triangle
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights import Insights


class CountDailyUsers:
    """Count the distinct users of each day."""

    def __init__(self, insights: Insights) -> None:
        self._insights = insights

    async def __call__(self, project: ProjectId, query: DailyUsersQuery) -> Sequence[DailyUsers]:
        """Return one entry a day, in order; `domain.daily_users` defines them."""
        return await self._insights.daily_users(project, query)


class RankEventTypes:
    """Rank the event types by how often they happen."""

    def __init__(self, insights: Insights) -> None:
        self._insights = insights

    async def __call__(self, project: ProjectId, query: TopEventsQuery) -> Sequence[EventTypeCount]:
        """Return the most frequent ones first; `domain.top_events` defines them."""
        return await self._insights.top_events(project, query)


class CountQuickRetention:
    """Count who comes back, cohort by cohort."""

    def __init__(self, insights: Insights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(self, project: ProjectId, query: QuickRetentionQuery) -> Sequence[Cohort]:
        """Return one cohort a period, in order; `domain.quick_retention` defines them."""
        now = self._clock.now()
        return triangle(query, await self._insights.retention(project, query.question(), now))


class SummariseProject:
    """Summarise what a project holds."""

    def __init__(self, insights: Insights) -> None:
        self._insights = insights

    async def __call__(self, project: ProjectId, where: tuple[Condition, ...] = ()) -> Overview:
        """Return the counts and the ends of time; `domain.overview` defines them."""
        return await self._insights.overview(project, where)
