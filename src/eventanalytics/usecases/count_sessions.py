"""Count sessions, and list the users behind a number of theirs."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.sessions import SessionsCell, SessionsQuery, SessionsResult
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.sessions import SessionsInsights


class CountSessions:
    """Count the sessions of a range, bucket by bucket, and measure them."""

    def __init__(self, insights: SessionsInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: SessionsQuery, *, now: datetime | None = None
    ) -> SessionsResult:
        """Return the sessions as of *now* (default: the clock's); `domain.sessions` defines them.

        Raises:
            InvalidQueryError: There are too many buckets.
        """
        return await self._insights.sessions(project, query, now or self._clock.now())


class ListSessionsUsers:
    """List the users with a session of a cell, page by page."""

    def __init__(self, insights: SessionsInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: SessionsQuery,
        cell: SessionsCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell.
        """
        return await self._insights.sessions_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
