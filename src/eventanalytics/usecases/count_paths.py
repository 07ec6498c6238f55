"""Count paths, and list the users behind a number of theirs."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.paths import PathsCell, PathsQuery, PathsResult
from eventanalytics.domain.selection import UserPage
from eventanalytics.ports.clock import Clock
from eventanalytics.ports.insights.paths import PathsInsights


class CountPaths:
    """Count the sessions that go from step to step, and those that drop off."""

    def __init__(self, insights: PathsInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self, project: ProjectId, query: PathsQuery, *, now: datetime | None = None
    ) -> PathsResult:
        """Return the paths as of *now* (default: the clock's); `domain.paths` defines them."""
        return await self._insights.paths(project, query, now or self._clock.now())


class ListPathsUsers:
    """List the users with a session that takes an edge or drops off, page by page."""

    def __init__(self, insights: PathsInsights, clock: Clock) -> None:
        self._insights, self._clock = insights, clock

    async def __call__(
        self,
        project: ProjectId,
        query: PathsQuery,
        cell: PathsCell,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> UserPage:
        """Return at most *limit* users that follow *after* in the order of code points.

        Raises:
            InvalidQueryError: The answer to *query* has no such cell.
        """
        return await self._insights.paths_users(
            project, query, cell, self._clock.now(), after=after, limit=limit
        )
