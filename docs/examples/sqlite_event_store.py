"""An event store in SQLite: what the smallest adapter of one's own looks like.

It keeps the events on disk and leaves the filters to the domain. SQL that filters would be faster,
and the contract suite would tell whether it still gives the same answer.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from uuid import UUID

import msgspec

from eventanalytics import Event, EventFilter, ProjectId, Verdict
from eventanalytics.domain.json_values import canonical_properties
from eventanalytics.errors import StoreUnavailableError
from eventanalytics.ports.events import EventStore, Position

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    project_id INTEGER, event_id TEXT, body BLOB, PRIMARY KEY (project_id, event_id)
) WITHOUT ROWID
"""


class SqliteEventStore:
    """Keeps the events of each project in one SQLite file."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        try:
            with self._connection:  # one transaction: commits, or rolls back on an error
                return [self._keep(project, event) for event in events]
        except sqlite3.OperationalError as error:
            raise StoreUnavailableError(str(error)) from error

    async def get(self, project: ProjectId, event_id: UUID) -> Event | None:
        return self._find(project, event_id)

    async def list(
        self,
        project: ProjectId,
        wanted: EventFilter,
        *,
        limit: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> Sequence[Event]:
        query = "SELECT body FROM event WHERE project_id = ?"
        with closing(self._connection.execute(query, (project,))) as rows:
            found = [event for (body,) in rows if wanted.matches(event := _decode(body))]
        found = [event for event in found if after is None or event.order < after]
        found.sort(key=lambda event: event.order, reverse=True)
        return found[offset : offset + limit]

    def _keep(self, project: ProjectId, event: Event) -> Verdict:
        first = self._find(project, event.event_id)
        if first is not None:
            return Verdict.DUPLICATE if event.has_content_of(first) else Verdict.CONFLICT
        row = (project, str(event.event_id), msgspec.json.encode(event))
        self._connection.execute("INSERT INTO event VALUES (?, ?, ?)", row)
        return Verdict.CREATED

    def _find(self, project: ProjectId, event_id: UUID) -> Event | None:
        query = "SELECT body FROM event WHERE project_id = ? AND event_id = ?"
        row = self._connection.execute(query, (project, str(event_id))).fetchone()
        return None if row is None else _decode(row[0])


def _decode(body: bytes) -> Event:
    event = msgspec.json.decode(body, type=Event)
    # JSON writes 1e300 and reads it back as a float, but 2e18 as an integer: one form for both.
    return msgspec.structs.replace(event, properties=canonical_properties(event.properties))


def _check(store: SqliteEventStore) -> EventStore:
    """Let the type checker see that the port is filled."""
    return store
