"""Answers from memory: the domain's functions over every event. Slow, and right by definition."""

from eventanalytics.memory.insights.funnel import InMemoryFunnel
from eventanalytics.memory.insights.quick import InMemoryQuick


class InMemoryInsights(InMemoryFunnel, InMemoryQuick):
    """Answers every question over the events of an `InMemoryEventStore`."""


__all__ = ["InMemoryInsights"]
