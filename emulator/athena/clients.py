"""The clients with which Athena calls the emulator, made once: making one takes 30 ms."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.service import Context


class Clients:
    """Clients by service name; they may be used from any thread."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._made: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Give the client of a service."""
        with self._lock:
            if name not in self._made:
                self._made[name] = self._context.client(name)
            return self._made[name]
