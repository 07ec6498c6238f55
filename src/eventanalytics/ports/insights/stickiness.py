"""Stickiness behind `Insights`."""

from datetime import datetime
from typing import Protocol

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.stickiness import Stickiness, StickinessCell, StickinessQuery


class StickinessInsights(Protocol):
    """Answers stickiness, and says who stands behind it."""

    async def stickiness(
        self, project: ProjectId, query: StickinessQuery, now: datetime
    ) -> Stickiness:
        """Answer as `domain.stickiness.count_stickiness` does."""
        ...

    async def stickiness_users(
        self,
        project: ProjectId,
        query: StickinessQuery,
        cell: StickinessCell,
        now: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        """Return at most *limit* users of `domain.stickiness.stickiness_users`, after *after*.

        `count` is how many there are in all, whatever the page.

        Raises:
            InvalidQueryError: The answer has no such cell.
        """
        ...
