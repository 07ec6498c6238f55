"""The version that is installed."""

from importlib import metadata


def version() -> str:
    """Return the version of the distribution."""
    return metadata.version("eventanalytics")
