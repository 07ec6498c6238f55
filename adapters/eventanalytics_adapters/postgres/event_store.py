"""Events in Postgres."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.events import Event, ProjectId, Verdict
from eventanalytics.domain.filters import EventFilter
from eventanalytics.domain.json_values import canonical_properties, encode
from eventanalytics.errors import StoreUnavailableError
from eventanalytics.ports.events import Position
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.errors import TRANSIENT, translated
from eventanalytics_adapters.postgres.filters import Filters

ATTEMPTS = 5

_Row: TypeAlias = tuple[UUID, str, str, datetime, datetime, str]

_decode_properties = msgspec.json.Decoder(dict[str, Any]).decode


class PostgresEventStore:
    """Keeps the events in the table ``event``."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        if not events:
            return []
        with translated():
            for _ in range(ATTEMPTS):
                try:
                    async with self._pool.connection() as connection, connection.transaction():
                        return await _append(connection, project, events)
                except (*TRANSIENT, _VanishedError):
                    continue
        raise StoreUnavailableError("the store is too busy with the same events")

    async def get(self, project: ProjectId, event_id: UUID) -> Event | None:
        parameters = {"project_id": project, "event_id": event_id}
        with translated():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(queries.GET_EVENT, parameters, binary=True)
                row = await cursor.fetchone()
        return None if row is None else _event(cast("_Row", row))

    async def list(
        self,
        project: ProjectId,
        wanted: EventFilter,
        *,
        limit: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> Sequence[Event]:
        filters = Filters.of(wanted, after)
        query = queries.LIST_EVENTS.format(filters=filters.expression)
        page = {"project_id": project, "limit": limit, "offset": offset}
        with translated():
            async with self._pool.connection() as connection:
                # Not prepared: which plan is best depends on the values.
                cursor = await connection.execute(
                    query, {**page, **filters.parameters}, prepare=False, binary=True
                )
                rows = await cursor.fetchall()
        return [_event(cast("_Row", row)) for row in rows]


class _VanishedError(Exception):
    """An event that was in the way of ours was deleted before we could look at it."""


async def _append(
    connection: AsyncConnection, project: ProjectId, events: Sequence[Event]
) -> Sequence[Verdict]:
    """Store the new ones of *events* within the transaction, and give every verdict.

    Raises:
        _VanishedError: The transaction must be tried again.
    """
    firsts: dict[UUID, Event] = {}
    for event in events:
        firsts.setdefault(event.event_id, event)
    ordered = sorted(firsts.values(), key=lambda event: event.event_id.int)
    columns = {
        **_content_columns(project, ordered),
        "received_at": [event.received_at for event in ordered],
    }
    cursor = await connection.execute(queries.APPEND_EVENTS, columns, binary=True)
    new: dict[UUID, Event] = {row[0]: firsts[row[0]] for row in await cursor.fetchall()}
    if len(new) == len(events):
        return [Verdict.CREATED] * len(events)

    known = [event for event in events if event.event_id not in new]
    same_as_stored = iter(await _compare(connection, project, known) if known else ())
    verdicts: list[Verdict] = []
    unseen = set(new)
    for event in events:
        if event.event_id in unseen:
            unseen.remove(event.event_id)
            verdicts.append(Verdict.CREATED)
            continue
        first = new.get(event.event_id)
        is_same = next(same_as_stored) if first is None else event.has_content_of(first)
        verdicts.append(Verdict.DUPLICATE if is_same else Verdict.CONFLICT)
    return verdicts


async def _compare(
    connection: AsyncConnection, project: ProjectId, events: Sequence[Event]
) -> Sequence[bool]:
    """Tell of each event whether it has the content of the stored one with its id.

    Raises:
        _VanishedError: There is none any more.
    """
    columns = _content_columns(project, events)
    cursor = await connection.execute(queries.COMPARE_EVENTS, columns, binary=True)
    found: dict[int, bool] = dict(await cursor.fetchall())
    if len(found) < len(events):
        raise _VanishedError
    return [found[index] for index in range(len(events))]


def _content_columns(project: ProjectId, events: Sequence[Event]) -> Mapping[str, object]:
    """Return the events as arrays, which cost one parameter each however many rows they have."""
    return {
        "project_id": project,
        "event_ids": [event.event_id for event in events],
        "user_ids": [event.user_id for event in events],
        "event_types": [event.event_type for event in events],
        "occurred_at": [event.occurred_at for event in events],
        # One form for each number, so that jsonb finds equal what the domain finds equal.
        "properties": [encode(canonical_properties(event.properties)).decode() for event in events],
    }


def _event(row: _Row) -> Event:
    event_id, user_id, event_type, occurred_at, received_at, properties = row
    return Event(
        event_id=event_id,
        user_id=user_id,
        event_type=event_type,
        occurred_at=occurred_at.astimezone(UTC),
        received_at=received_at.astimezone(UTC),
        # jsonb answers 1e300 with 301 digits: here it becomes the float again.
        properties=canonical_properties(_decode_properties(properties)),
    )
