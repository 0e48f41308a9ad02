"""What a check says: one line that is good, a warning or a stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "warning", "stop"]
"""``stop``: what was asked about would fail; ``warning``: it may, or something after it."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a check looked at."""

    subject: str
    level: Level
    seen: str
    remedy: str = ""
    """What to do about it; empty where it is good."""


def good(subject: str, seen: str) -> Finding:
    """Nothing in the way."""
    return Finding(subject=subject, level="good", seen=seen)


def warning(subject: str, seen: str, remedy: str) -> Finding:
    """Nothing that surely stops it, but something to know."""
    return Finding(subject=subject, level="warning", seen=seen, remedy=remedy)


def unasked(subject: str, action: str) -> Finding:
    """AWS did not let the caller ask."""
    return warning(
        subject,
        f"not checked: you may not ask ({action})",
        f"allow {action}; docs/deployer-policy.json has all that preflight reads",
    )


def stop(subject: str, seen: str, remedy: str) -> Finding:
    """It would fail."""
    return Finding(subject=subject, level="stop", seen=seen, remedy=remedy)
