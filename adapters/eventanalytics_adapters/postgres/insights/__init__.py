"""Answers counted by Postgres; the domain makes the rows of them, and its calendar the buckets."""

from eventanalytics_adapters.postgres.insights.quick import PostgresQuick


class PostgresInsights(PostgresQuick):
    """Answers every question from the table ``event``."""


__all__ = ["PostgresInsights"]
