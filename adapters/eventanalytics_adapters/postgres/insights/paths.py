"""Paths, counted by Postgres."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from psycopg import sql

from eventanalytics.domain.breakdowns import OTHER, Group, GroupKind, group_of_value
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.filters import EVENT_TYPE, USER_ID
from eventanalytics.domain.json_values import JSONValue, encode
from eventanalytics.domain.paths import (
    EdgeKey,
    PathsCell,
    PathsQuery,
    PathsResult,
    paths_result,
)
from eventanalytics.domain.selection import EventSelector, UserPage
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.answers import PostgresAnswers
from eventanalytics_adapters.postgres.insights.sessions import (
    sessions_parameters,
    sessions_part,
)

_ANY, _NONE = EventSelector(), sql.SQL("FALSE")
_COLUMNS = {USER_ID: sql.Identifier("user_id"), EVENT_TYPE: sql.Identifier("event_type")}
"""What every event has, and of one type: texts as they are make faster nodes than JSON."""


class PostgresPaths(PostgresAnswers):
    """Answers what users do one after another, and who does."""

    async def paths(
        self,
        project: ProjectId,
        query: PathsQuery,
        now: datetime,  # noqa: ARG002 - the port's
    ) -> PathsResult:
        filters = Filters(query.where)
        rows = await self._fetch(
            queries.PATHS.format(**_parts(query, filters)),
            {**_parameters(project, query, filters), "limit": query.limit},
        )
        edges: dict[EdgeKey, int] = {}
        dropoffs: dict[EdgeKey, int] = {}
        for kind, step, source, target, count in rows:
            if kind == "edge":
                edges[step, _group(source), _group(target)] = count
            elif kind == "dropoff":
                dropoffs[step, _group(source), None] = count
        sessions = sum(row[-1] for row in rows if row[1] == 1)
        return paths_result(edges, dropoffs, sessions)

    async def paths_users(
        self,
        project: ProjectId,
        query: PathsQuery,
        cell: PathsCell,
        now: datetime,  # noqa: ARG002 - the port's
        *,
        after: str | None,
        limit: int,
    ) -> UserPage:
        cell.check(query)
        is_folded = cell.source.kind is GroupKind.OTHER
        filters = Filters(query.where)
        [(users, count)] = await self._fetch(
            queries.PATHS_USERS.format(**_parts(query, filters)),
            {
                **_parameters(project, query, filters),
                "kind": "dropoff" if cell.target is None else "edge",
                "step": cell.step,
                "source": None if is_folded else _encoded(cell.source),
                "target": None if cell.target is None or is_folded else _encoded(cell.target),
                "limit": query.limit,
                "after": after,
                "page_limit": limit,
            },
        )
        return UserPage(tuple(users), count)


def _parts(query: PathsQuery, filters: Filters) -> Mapping[str, sql.Composable]:
    """Return the parts of a query that form sessions and the paths through them."""
    column = _COLUMNS.get(query.by)
    node = filters.group(query.by) if column is None else column
    has_node = sql.SQL("{} <> 'null'").format(node) if column is None else sql.SQL("TRUE")
    return {
        "sessions": sessions_part(filters),
        "paths": queries.PART_PATH.format(
            filters=filters.expression,
            node=node,
            has_node=has_node,
            starts=filters.selection(query.start or _ANY),
            ends=_NONE if query.end is None else filters.selection(query.end),
        ),
    }


def _parameters(project: ProjectId, query: PathsQuery, filters: Filters) -> dict[str, object]:
    """Return the parameters of those parts, once *filters* has them all."""
    first_ones_do = query.start is None and query.end is None and not query.collapse_repeats
    return {
        **sessions_parameters(project, query, query.gap_seconds, filters),
        # One event more than is kept tells whether a session goes on.
        "visits": query.max_steps + 1 if first_ones_do else None,
        "has_end": query.end is not None,
        "end_from": 1 if query.start is None else 2,
        "collapse_repeats": query.collapse_repeats,
        "max_steps": query.max_steps,
    }


def _group(value: JSONValue) -> Group:
    return OTHER if value is None else group_of_value(value)


def _encoded(group: Group) -> str:
    return encode(cast("JSONValue", group.value)).decode()
