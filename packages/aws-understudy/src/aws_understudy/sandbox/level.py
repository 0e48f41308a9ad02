"""How strong a sandbox the system allows without root."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """The forms of a sandbox, the strongest first."""

    NAMESPACES = "namespaces"
    """Own view of files, processes and, on request, of the network; all limits."""
    LANDLOCK = "landlock"
    """The host's file system, of which little may be opened; no isolated network."""
    PROCESS_GROUP = "process group"
    """Limits and an orderly end, but all of the user's files are in reach."""

    @property
    def isolates_network(self) -> bool:
        """Whether a command can be kept from the network."""
        return self is Level.NAMESPACES

    @property
    def moves_folders(self) -> bool:
        """Whether the command sees its folders where the description says."""
        return self is Level.NAMESPACES

    @property
    def note(self) -> str:
        """What a reader of a job's log should know of it."""
        return {
            Level.NAMESPACES: "in a sandbox of namespaces",
            Level.LANDLOCK: "in a sandbox of Landlock: no private /tmp, the host's network",
            Level.PROCESS_GROUP: "without a view of its own: it can read this user's files",
        }[self]
