"""Answers from memory: the domain's functions over every event. Slow, and right by definition."""

from eventanalytics.memory.insights.funnel import InMemoryFunnel
from eventanalytics.memory.insights.lifecycle import InMemoryLifecycle
from eventanalytics.memory.insights.paths import InMemoryPaths
from eventanalytics.memory.insights.quick import InMemoryQuick
from eventanalytics.memory.insights.retention import InMemoryRetention
from eventanalytics.memory.insights.schema import InMemorySchema
from eventanalytics.memory.insights.sessions import InMemorySessions
from eventanalytics.memory.insights.stickiness import InMemoryStickiness
from eventanalytics.memory.insights.trends import InMemoryTrends


class InMemoryInsights(
    InMemoryFunnel,
    InMemoryPaths,
    InMemoryLifecycle,
    InMemoryStickiness,
    InMemoryQuick,
    InMemoryRetention,
    InMemorySchema,
    InMemorySessions,
    InMemoryTrends,
):
    """Answers every question over the events of an `InMemoryEventStore`."""


__all__ = ["InMemoryInsights"]
