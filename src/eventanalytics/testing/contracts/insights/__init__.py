"""The rules of `Insights`: each answer is the one that the domain's function gives."""

from eventanalytics.testing.contracts.insights.quick import QuickContract


class InsightsContract(QuickContract):
    """Every rule of `eventanalytics.ports.insights.Insights`.

    Fixtures: ``insights``, ``event_store`` (whose events are asked about), ``new_project``.
    """


__all__ = ["InsightsContract"]
