"""Answers from memory: the domain's functions over every event. Slow, and right by definition."""

from eventanalytics.memory.insights.quick import InMemoryQuick


class InMemoryInsights(InMemoryQuick):
    """Answers every question over the events of an `InMemoryEventStore`."""


__all__ = ["InMemoryInsights"]
