"""What ends `make new`."""

from __future__ import annotations


class ScaffoldError(Exception):
    """A data set that cannot be made; the message is for the person who asked for it."""
