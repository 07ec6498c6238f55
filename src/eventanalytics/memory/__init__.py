"""In-memory adapters: for tests and small embedders, and the reference for every other adapter."""

from eventanalytics.memory.access import (
    InMemoryAccountStore,
    InMemoryKeyStore,
    InMemoryProjectStore,
)
from eventanalytics.memory.clock import FixedClock, SystemClock
from eventanalytics.memory.event_store import InMemoryEventStore
from eventanalytics.memory.insights import InMemoryInsights

__all__ = [
    "FixedClock",
    "InMemoryAccountStore",
    "InMemoryEventStore",
    "InMemoryInsights",
    "InMemoryKeyStore",
    "InMemoryProjectStore",
    "SystemClock",
]
