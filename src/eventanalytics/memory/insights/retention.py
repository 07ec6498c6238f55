"""Retention from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.retention import Retention, count_retention, retention_users
from eventanalytics.domain.retention_query import RetentionCell, RetentionQuery
from eventanalytics.domain.selection import UserPage
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryRetention(InMemoryAnswers):
    """Answers retention, and says who stands behind it."""

    async def retention(
        self, project: ProjectId, query: RetentionQuery, now: datetime
    ) -> Retention:
        return count_retention(query, self._events(project), now)

    async def retention_users(
        self,
        project: ProjectId,
        query: RetentionQuery,
        cell: RetentionCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        users = retention_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
