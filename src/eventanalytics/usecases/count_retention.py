"""Count retention, and list the users behind a number of it."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.retention import Retention
from eventanalytics.domain.retention_query import RetentionCell, RetentionQuery
from eventanalytics.domain.selection import UserPage
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.retention import RetentionInsights


class CountRetention:
    """Count who comes back, cohort by cohort."""

    def __init__(self, insights: RetentionInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: RetentionQuery, *, now: datetime | None = None
    ) -> Retention:
        """Return retention as of *now* (default: the clock's); `domain.retention` defines it.

        Raises:
            InvalidQueryError: There are too many periods or cells.
        """
        return await self._insights.retention(project, query, now or self._clock.now())


class ListRetentionUsers:
    """List the users of a cell of retention, page by page."""

    def __init__(self, insights: RetentionInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: RetentionQuery,
        cell: RetentionCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell.
        """
        return await self._insights.retention_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
