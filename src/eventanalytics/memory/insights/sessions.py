"""Sessions from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.sessions import (
    SessionsCell,
    SessionsQuery,
    SessionsResult,
    count_sessions,
    sessions_users,
)
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemorySessions(InMemoryAnswers):
    """Answers what sessions there are, and whose."""

    async def sessions(
        self, project: ProjectId, query: SessionsQuery, now: datetime
    ) -> SessionsResult:
        return count_sessions(query, self._events(project), now)

    async def sessions_users(
        self,
        project: ProjectId,
        query: SessionsQuery,
        cell: SessionsCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        users = sessions_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
