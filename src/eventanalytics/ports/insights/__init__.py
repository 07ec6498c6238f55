"""The port behind which questions are answered; a module a question."""

from typing import Protocol

from eventanalytics.ports.insights.quick import QuickInsights


class Insights(QuickInsights, Protocol):
    """Answers questions about the events of a project, each as the domain function defines it.

    An answer sees every event that was acknowledged before it was asked for. Every method may raise
    `StoreUnavailableError`.
    """


__all__ = ["Insights", "QuickInsights"]
