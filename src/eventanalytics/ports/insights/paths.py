"""Paths behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.paths import PathsCell, PathsQuery, PathsResult
from eventanalytics.domain.selection import UserPage


class PathsInsights(Protocol):
    """Answers what users do one after another, and who does."""

    async def paths(self, project: ProjectId, query: PathsQuery, now: datetime) -> PathsResult:
        """Answer as `domain.paths.count_paths` does."""
        ...

    async def paths_users(
        self,
        project: ProjectId,
        query: PathsQuery,
        cell: PathsCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        """Return at most *limit* of `domain.paths.paths_users`, the first ones after *after*.

        The count is that of all.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        ...
