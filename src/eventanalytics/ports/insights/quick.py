"""The quick statistics behind `Insights`."""

from collections.abc import Sequence
from typing import Protocol

from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.overview import Overview
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery


class QuickInsights(Protocol):
    """Answers the quick statistics."""

    async def daily_users(self, project: ProjectId, query: DailyUsersQuery) -> Sequence[DailyUsers]:
        """Answer as `domain.daily_users.count_daily_users` does."""
        ...

    async def top_events(
        self, project: ProjectId, query: TopEventsQuery
    ) -> Sequence[EventTypeCount]:
        """Answer as `domain.top_events.rank_event_types` does."""
        ...

    async def overview(self, project: ProjectId, where: tuple[Condition, ...]) -> Overview:
        """Answer as `domain.overview.summarise` does."""
        ...
