"""Funnels behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.funnel import Funnel
from eventanalytics.domain.funnel_query import FunnelCell, FunnelQuery
from eventanalytics.domain.selection import UserPage


class FunnelInsights(Protocol):
    """Answers funnels."""

    async def funnel(self, project: ProjectId, query: FunnelQuery, now: datetime) -> Funnel:
        """Answer as `domain.funnel.count_funnel` does."""
        ...

    async def funnel_users(
        self,
        project: ProjectId,
        query: FunnelQuery,
        cell: FunnelCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        """Return at most *limit* of the users of `domain.funnel.funnel_users` that follow *after*.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        ...
