"""Funnels from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.funnel import Funnel, count_funnel, funnel_users
from eventanalytics.domain.funnel_query import FunnelCell, FunnelQuery
from eventanalytics.domain.selection import UserPage
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryFunnel(InMemoryAnswers):
    """Answers funnels."""

    async def funnel(self, project: ProjectId, query: FunnelQuery, now: datetime) -> Funnel:
        return count_funnel(query, self._events(project), now)

    async def funnel_users(
        self,
        project: ProjectId,
        query: FunnelQuery,
        cell: FunnelCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        users = funnel_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
