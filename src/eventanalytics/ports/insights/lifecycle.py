"""Lifecycle behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.lifecycle import Lifecycle, LifecycleCell, LifecycleQuery
from eventanalytics.domain.selection import UserPage


class LifecycleInsights(Protocol):
    """Answers lifecycle, and says who stands behind it."""

    async def lifecycle(
        self, project: ProjectId, query: LifecycleQuery, now: datetime
    ) -> Lifecycle:
        """Answer as `domain.lifecycle.count_lifecycle` does."""
        ...

    async def lifecycle_users(
        self,
        project: ProjectId,
        query: LifecycleQuery,
        cell: LifecycleCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        """Return at most *limit* of the users of `domain.lifecycle.lifecycle_users`, after *after*.

        `count` is how many there are in all, whatever the page.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        ...
