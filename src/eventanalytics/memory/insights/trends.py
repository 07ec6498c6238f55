"""Trends from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.trends import Trends, count_trends, trends_users
from eventanalytics.domain.trends_query import TrendsCell, TrendsQuery
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryTrends(InMemoryAnswers):
    """Answers trends, and says who stands behind them."""

    async def trends(self, project: ProjectId, query: TrendsQuery, now: datetime) -> Trends:
        return count_trends(query, self._events(project), now)

    async def trends_users(
        self,
        project: ProjectId,
        query: TrendsQuery,
        cell: TrendsCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        users = trends_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
