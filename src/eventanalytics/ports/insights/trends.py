"""Trends behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.trends import Trends
from eventanalytics.domain.trends_query import TrendsCell, TrendsQuery


class TrendsInsights(Protocol):
    """Answers trends, and says who stands behind them."""

    async def trends(self, project: ProjectId, query: TrendsQuery, now: datetime) -> Trends:
        """Answer as `domain.trends.count_trends` does."""
        ...

    async def trends_users(
        self,
        project: ProjectId,
        query: TrendsQuery,
        cell: TrendsCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        """Return at most *limit* of the users of `domain.trends.trends_users`, after *after*.

        `count` is how many there are in all, whatever the page.

        Raises:
            InvalidQueryError: The answer has no such cell, or it stands for no set of users.
        """
        ...
