"""Count a funnel, and list the users behind a number of it."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.funnel import Funnel
from eventanalytics.domain.funnel_query import FunnelCell, FunnelQuery
from eventanalytics.domain.selection import UserPage
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.funnel import FunnelInsights


class CountFunnel:
    """Count the users who take each step of a funnel."""

    def __init__(self, insights: FunnelInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: FunnelQuery, *, now: datetime | None = None
    ) -> Funnel:
        """Return the funnel as of *now* (default: the clock's); `domain.funnel` defines it."""
        return await self._insights.funnel(project, query, now or self._clock.now())


class ListFunnelUsers:
    """List the users of a cell of a funnel, page by page."""

    def __init__(self, insights: FunnelInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: FunnelQuery,
        cell: FunnelCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell.
        """
        cell.check(query)
        return await self._insights.funnel_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
