"""The quick statistics from memory."""

from collections.abc import Sequence

from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery, count_daily_users
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import Condition
from eventanalytics.domain.overview import Overview, summarise
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery, rank_event_types
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryQuick(InMemoryAnswers):
    """Answers the quick statistics."""

    async def daily_users(self, project: ProjectId, query: DailyUsersQuery) -> Sequence[DailyUsers]:
        return count_daily_users(query, self._events(project))

    async def top_events(
        self, project: ProjectId, query: TopEventsQuery
    ) -> Sequence[EventTypeCount]:
        return rank_event_types(query, self._events(project))

    async def overview(self, project: ProjectId, where: tuple[Condition, ...]) -> Overview:
        return summarise(where, self._events(project))
