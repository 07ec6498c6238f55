"""The port behind which questions are answered; a module a question."""

from typing import Protocol

from eventanalytics.ports.insights.funnel import FunnelInsights
from eventanalytics.ports.insights.lifecycle import LifecycleInsights
from eventanalytics.ports.insights.paths import PathsInsights
from eventanalytics.ports.insights.quick import QuickInsights
from eventanalytics.ports.insights.retention import RetentionInsights
from eventanalytics.ports.insights.schema import SchemaInsights
from eventanalytics.ports.insights.sessions import SessionsInsights
from eventanalytics.ports.insights.stickiness import StickinessInsights
from eventanalytics.ports.insights.trends import TrendsInsights


class Insights(
    FunnelInsights,
    PathsInsights,
    LifecycleInsights,
    StickinessInsights,
    QuickInsights,
    RetentionInsights,
    SchemaInsights,
    SessionsInsights,
    TrendsInsights,
    Protocol,
):
    """Answers questions about the events of a project, each as the domain function defines it.

    An answer sees every event that was acknowledged before it was asked for. Every method may raise
    `StoreUnavailableError`.
    """


__all__ = [
    "Insights",
    "LifecycleInsights",
    "PathsInsights",
    "QuickInsights",
    "SchemaInsights",
    "SessionsInsights",
    "StickinessInsights",
    "TrendsInsights",
]
