"""Count stickiness, and list the users behind a number of it."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.stickiness import Stickiness, StickinessCell, StickinessQuery
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.stickiness import StickinessInsights


class CountStickiness:
    """Count in how many buckets users are active."""

    def __init__(self, insights: StickinessInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: StickinessQuery, *, now: datetime | None = None
    ) -> Stickiness:
        """Return stickiness as of *now* (default: the clock's); `domain.stickiness` defines it.

        Raises:
            InvalidQueryError: There are too many buckets.
        """
        return await self._insights.stickiness(project, query, now or self._clock.now())


class ListStickinessUsers:
    """List the users of a cell of stickiness, page by page."""

    def __init__(self, insights: StickinessInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: StickinessQuery,
        cell: StickinessCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell.
        """
        return await self._insights.stickiness_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
