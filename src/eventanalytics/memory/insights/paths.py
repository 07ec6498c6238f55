"""Paths from memory."""

from datetime import datetime

from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.paths import (
    PathsCell,
    PathsQuery,
    PathsResult,
    count_paths,
    paths_users,
)
from eventanalytics.domain.selection import UserPage
from eventanalytics.memory.insights.answers import InMemoryAnswers


class InMemoryPaths(InMemoryAnswers):
    """Answers what users do one after another, and who does."""

    async def paths(self, project: ProjectId, query: PathsQuery, now: datetime) -> PathsResult:
        return count_paths(query, self._events(project), now)

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
        users = paths_users(query, cell, self._events(project), now)
        return UserPage.of(users, after=after, limit=limit)
