"""Stickiness from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.stickiness import (
    Stickiness,
    StickinessCell,
    StickinessQuery,
    count_stickiness,
    stickiness_users,
)
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryStickiness(InMemoryAnswers):
    """Answers stickiness, and says who stands behind it."""

    async def stickiness(
        self, project: ProjectId, query: StickinessQuery, now: datetime
    ) -> Stickiness:
        return count_stickiness(query, self._events(project), now)

    async def stickiness_users(
        self,
        project: ProjectId,
        query: StickinessQuery,
        cell: StickinessCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        users = stickiness_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
