"""A listening socket that holds a bounded number of connections."""

from __future__ import annotations

import resource
import socket
from typing import TYPE_CHECKING, Any

from hypercorn.config import Config, Sockets

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CONNECTIONS = 1000
"""Connections at a time; half of the process's descriptors where those are fewer."""


class Connection(socket.socket):
    """An accepted connection that says when it is closed."""

    on_close: Callable[[], None] | None = None

    def close(self) -> None:
        """Close it, and make room for another; a second close changes nothing."""
        super().close()
        closed, self.on_close = self.on_close, None
        if closed is not None:
            closed()


class BoundedListener(socket.socket):
    """Accepts up to a number of connections; what comes above it is closed at once."""

    def __init__(self, *, fileno: int, most: int) -> None:
        super().__init__(fileno=fileno)
        self._most = most
        self._open = 0

    def accept(self) -> tuple[socket.socket, Any]:
        """Take the next connection for which there is room.

        Raises:
            BlockingIOError: none is waiting.
        """
        while True:
            accepted, address = super().accept()
            connection = Connection(fileno=accepted.detach())
            if self._open < self._most:
                self._open += 1
                connection.on_close = self._make_room
                return connection, address
            connection.close()

    def _make_room(self) -> None:
        self._open -= 1


class BoundedConfig(Config):
    """A server's configuration that listens on one socket of ours, with a bound."""

    def __init__(self, listener: socket.socket) -> None:
        super().__init__()
        self._listener = listener

    def create_sockets(self) -> Sockets:
        """The one socket, and none for TLS or QUIC."""
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        listener = BoundedListener(
            fileno=self._listener.detach(), most=min(MOST_CONNECTIONS, descriptors // 2)
        )
        listener.settimeout(0)
        return Sockets(secure_sockets=[], insecure_sockets=[listener], quic_sockets=[])
