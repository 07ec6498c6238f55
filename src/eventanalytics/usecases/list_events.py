"""List events, page by page, and find one."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.domain.filters import EventFilter
from eventanalytics.errors import InvalidQueryError, UnknownEventError
from eventanalytics.ports.events import EventStore, Position

MAX_LIMIT = 1000
MAX_OFFSET = 10_000_000


class EventPage(msgspec.Struct, frozen=True):
    """Events, the latest first, and where the next page begins; None when this is the last."""

    events: Sequence[Event]
    next_cursor: str | None


class ListEvents:
    """List the wanted events of a project, the latest first by `Event.order`."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def __call__(
        self,
        project: ProjectId,
        wanted: EventFilter,
        *,
        limit: int = 100,
        offset: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """Return one page of at most *limit* (1..1000) events.

        Begin *offset* events from the latest, or where *cursor*, the `next_cursor` of an earlier
        page, says. Following the cursors lists every event that was there at the first page once.

        Raises:
            InvalidQueryError: A bound is not kept, both *offset* and *cursor* are given, or the
                cursor is not one of ours.
        """
        if not 1 <= limit <= MAX_LIMIT:
            raise InvalidQueryError.of("limit", "out_of_range", f"must be from 1 to {MAX_LIMIT}")
        if offset is not None and not 0 <= offset <= MAX_OFFSET:
            message = f"must be from 0 to {MAX_OFFSET}"
            raise InvalidQueryError.of("offset", "out_of_range", message)
        if cursor is not None and offset is not None:
            message = "give either offset or cursor"
            raise InvalidQueryError.of("cursor", "offset_and_cursor", message)
        after = None if cursor is None else decode_cursor(cursor)
        found = await self._store.list(
            project, wanted, limit=limit + 1, offset=offset or 0, after=after
        )
        page = found[:limit]
        more = len(found) > limit
        return EventPage(page, encode_cursor(page[-1].order) if more else None)


class GetEvent:
    """Find one event by its id."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def __call__(self, project: ProjectId, event_id: UUID) -> Event:
        """Return the event.

        Raises:
            UnknownEventError: The project holds no event with this id.
        """
        event = await self._store.get(project, event_id)
        if event is None:
            raise UnknownEventError(event_id)
        return event


def encode_cursor(position: Position) -> str:
    """Return *position* as text that is safe in an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def decode_cursor(cursor: str) -> Position:
    """Return the position that `encode_cursor` made *cursor* of.

    Raises:
        InvalidQueryError: It made no such cursor.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = msgspec.json.decode(text, type=tuple[datetime, datetime, UUID])
    except (ValueError, binascii.Error, msgspec.DecodeError, RecursionError):
        position = None
    if position is None or encode_cursor(position) != cursor or not _is_in_utc(position):
        raise InvalidQueryError.of("cursor", "invalid_cursor", "is not a cursor of this server")
    return position


def _is_in_utc(position: Position) -> bool:
    return position[0].tzinfo is UTC and position[1].tzinfo is UTC
