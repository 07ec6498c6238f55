"""The HTTP API: parse, call, answer. `create_app` makes it; nothing happens before."""

from eventanalytics_adapters.http.app import create_app

__all__ = ["create_app"]
