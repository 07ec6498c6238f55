"""Answers counted by Postgres; the domain makes the rows of them, and its calendar the buckets."""

from eventanalytics_adapters.postgres.insights.funnel import PostgresFunnel
from eventanalytics_adapters.postgres.insights.lifecycle import PostgresLifecycle
from eventanalytics_adapters.postgres.insights.paths import PostgresPaths
from eventanalytics_adapters.postgres.insights.quick import PostgresQuick
from eventanalytics_adapters.postgres.insights.retention import PostgresRetention
from eventanalytics_adapters.postgres.insights.schema import PostgresSchema
from eventanalytics_adapters.postgres.insights.sessions import PostgresSessions
from eventanalytics_adapters.postgres.insights.stickiness import PostgresStickiness
from eventanalytics_adapters.postgres.insights.trends import PostgresTrends


class PostgresInsights(
    PostgresFunnel,
    PostgresPaths,
    PostgresLifecycle,
    PostgresStickiness,
    PostgresQuick,
    PostgresRetention,
    PostgresSchema,
    PostgresSessions,
    PostgresTrends,
):
    """Answers every question from the table ``event``."""


__all__ = ["PostgresInsights"]
