"""What can be wrong with a request before any rule of the core is asked."""

from typing import ClassVar

from eventanalytics.errors import EventAnalyticsError


class UnsupportedMediaTypeError(EventAnalyticsError):
    """The body is of a type, or encoded in a way, that this call does not take."""

    code: ClassVar[str] = "unsupported_media_type"


class ClientDisconnectedError(EventAnalyticsError):
    """The client went away before its request was complete; nobody reads the answer."""

    code: ClassVar[str] = "client_disconnected"
