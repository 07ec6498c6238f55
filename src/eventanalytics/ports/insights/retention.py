"""Retention behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.retention import Retention
from eventanalytics.domain.retention_query import RetentionCell, RetentionQuery
from eventanalytics.domain.selection import UserPage


class RetentionInsights(Protocol):
    """Answers retention, and says who stands behind it."""

    async def retention(
        self, project: ProjectId, query: RetentionQuery, now: datetime
    ) -> Retention:
        """Answer as `domain.retention.count_retention` does."""
        ...

    async def retention_users(
        self,
        project: ProjectId,
        query: RetentionQuery,
        cell: RetentionCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        """Return at most *limit* of the users of `domain.retention.retention_users`, after *after*.

        `count` is how many there are in all, whatever the page.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        ...
