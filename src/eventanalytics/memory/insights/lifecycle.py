"""Lifecycle from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.lifecycle import (
    Lifecycle,
    LifecycleCell,
    LifecycleQuery,
    count_lifecycle,
    lifecycle_users,
)
from eventanalytics.domain.selection import UserPage
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryLifecycle(InMemoryAnswers):
    """Answers lifecycle, and says who stands behind it."""

    async def lifecycle(
        self, project: ProjectId, query: LifecycleQuery, now: datetime
    ) -> Lifecycle:
        return count_lifecycle(query, self._events(project), now)

    async def lifecycle_users(
        self,
        project: ProjectId,
        query: LifecycleQuery,
        cell: LifecycleCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        users = lifecycle_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
