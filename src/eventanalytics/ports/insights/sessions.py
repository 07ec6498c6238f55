"""Sessions behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.sessions import SessionsCell, SessionsQuery, SessionsResult


class SessionsInsights(Protocol):
    """Answers what sessions there are, and whose."""

    async def sessions(
        self, project: ProjectId, query: SessionsQuery, now: datetime
    ) -> SessionsResult:
        """Answer as `domain.sessions.count_sessions` does."""
        ...

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
        """Return at most *limit* of `domain.sessions.sessions_users`, the first ones after *after*.

        The count is that of all.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        ...
