"""The address that the server listens on."""

import errno
import socket

from eventanalytics.errors import EventAnalyticsError

_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104


class CannotListenError(EventAnalyticsError):
    """The address cannot be listened on."""

    code = "cannot_listen"

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port = host, port
        super().__init__(reason)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound and does not listen yet; port 0 means any that is free.

    Raises:
        CannotListenError: The port is taken or not allowed, or the host is none of this machine's.
    """
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_ADDRCONFIG
        )
    except OSError as error:
        raise CannotListenError(host, port, f"no such host {host!r}: {error.strerror}") from None
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        # Connections of a server that has just ended must not keep the next one away.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise CannotListenError(host, port, _reason(error, host, port)) from None
    return bound


def address_of(bound: socket.socket, host: str) -> str:
    """Return the URL under which a browser on this machine finds the server."""
    port = bound.getsockname()[1]
    name = _EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use: stop what uses it, or choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} is not allowed to this user: choose one above 1023"
    return f"cannot listen on {host}, port {port}: {error.strerror}"
