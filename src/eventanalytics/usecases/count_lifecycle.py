"""Count lifecycle, and list the users behind a number of it."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.lifecycle import Lifecycle, LifecycleCell, LifecycleQuery
from eventanalytics.domain.selection import UserPage
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.lifecycle import LifecycleInsights


class CountLifecycle:
    """Count who is new, who returns, who comes back from sleep."""

    def __init__(self, insights: LifecycleInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: LifecycleQuery, *, now: datetime | None = None
    ) -> Lifecycle:
        """Return lifecycle as of *now* (default: the clock's); `domain.lifecycle` defines it.

        Raises:
            InvalidQueryError: There are too many buckets.
        """
        return await self._insights.lifecycle(project, query, now or self._clock.now())


class ListLifecycleUsers:
    """List the users of a cell of lifecycle, page by page."""

    def __init__(self, insights: LifecycleInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: LifecycleQuery,
        cell: LifecycleCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell.
        """
        return await self._insights.lifecycle_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
