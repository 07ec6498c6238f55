"""What every answer from memory begins with."""

from collections.abc import Iterable

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.memory.event_store import InMemoryEventStore


class InMemoryAnswers:
    """Answers over the events of an `InMemoryEventStore`."""

    def __init__(self, store: InMemoryEventStore) -> None:
        self._store = store

    def _events(self, project: ProjectId) -> Iterable[Event]:
        return self._store.all(project)
