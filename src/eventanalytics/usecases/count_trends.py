"""Count trends, and list the users behind a number of them."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.trends import Trends
from eventanalytics.domain.trends_query import TrendsCell, TrendsQuery
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.trends import TrendsInsights


class CountTrends:
    """Count what happens how often, to how many, bucket by bucket."""

    def __init__(self, insights: TrendsInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: TrendsQuery, *, now: datetime | None = None
    ) -> Trends:
        """Return the trends as of *now* (default: the clock's); `domain.trends` defines them.

        Raises:
            InvalidQueryError: There are too many buckets, or too many values.
        """
        return await self._insights.trends(project, query, now or self._clock.now())


class ListTrendsUsers:
    """List the users of a cell of a trend, page by page."""

    def __init__(self, insights: TrendsInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: TrendsQuery,
        cell: TrendsCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell, or the cell no users.
        """
        return await self._insights.trends_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
