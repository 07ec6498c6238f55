"""Adapters: what connects the eventanalytics core to the world outside."""
