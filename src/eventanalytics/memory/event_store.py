"""Events in memory."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from eventanalytics.domain.events import Event, ProjectId, Verdict
from eventanalytics.domain.filters import EventFilter
from eventanalytics.ports.events import Position


class InMemoryEventStore:
    """Keeps the events in dictionaries; what the process forgets is gone."""

    def __init__(self) -> None:
        self._events: dict[ProjectId, dict[UUID, Event]] = defaultdict(dict)

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        kept = self._events[project]
        verdicts: list[Verdict] = []
        for event in events:
            first = kept.get(event.event_id)
            if first is None:
                kept[event.event_id] = event
                verdicts.append(Verdict.CREATED)
            else:
                same = event.has_content_of(first)
                verdicts.append(Verdict.DUPLICATE if same else Verdict.CONFLICT)
        return verdicts

    async def get(self, project: ProjectId, event_id: UUID) -> Event | None:
        return self._events[project].get(event_id)

    async def list(
        self,
        project: ProjectId,
        wanted: EventFilter,
        *,
        limit: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> Sequence[Event]:
        found = [
            event
            for event in self.all(project)
            if wanted.matches(event) and (after is None or event.order < after)
        ]
        found.sort(key=lambda event: event.order, reverse=True)
        return found[offset : offset + limit]

    def all(self, project: ProjectId) -> Iterable[Event]:
        """Return every event of the project, in no order that means anything."""
        return self._events[project].values()
