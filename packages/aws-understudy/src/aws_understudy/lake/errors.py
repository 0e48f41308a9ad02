"""Why the lake cannot be read; each service translates it into an error of its own."""

from __future__ import annotations


class LakeError(Exception):
    """A location, type or value that the lake does not have; the message names it."""


class UnsupportedError(LakeError):
    """A type or format that AWS reads and the emulator does not; the message is its name."""


class PartitionValueError(LakeError):
    """The text of a partition value is not of its key's type."""
