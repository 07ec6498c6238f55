"""The rules of `Insights`: each answer is the one that the domain's function gives."""

from eventanalytics.testing.contracts.insights.funnel import FunnelContract
from eventanalytics.testing.contracts.insights.lifecycle import LifecycleContract
from eventanalytics.testing.contracts.insights.paths import PathsContract
from eventanalytics.testing.contracts.insights.quick import QuickContract
from eventanalytics.testing.contracts.insights.retention import RetentionContract
from eventanalytics.testing.contracts.insights.schema import SchemaContract
from eventanalytics.testing.contracts.insights.sessions import SessionsContract
from eventanalytics.testing.contracts.insights.stickiness import StickinessContract
from eventanalytics.testing.contracts.insights.trends import TrendsContract


class InsightsContract(
    FunnelContract,
    PathsContract,
    LifecycleContract,
    StickinessContract,
    QuickContract,
    RetentionContract,
    SchemaContract,
    SessionsContract,
    TrendsContract,
):
    """Every rule of `eventanalytics.ports.insights.Insights`.

    Fixtures: ``insights``, ``event_store`` (whose events are asked about), ``new_project``.
    """


__all__ = ["InsightsContract"]
