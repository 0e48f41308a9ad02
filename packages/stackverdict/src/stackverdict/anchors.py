"""Names for deep links: short, and the same as long as the thing they point to stays."""

from __future__ import annotations

import hashlib


def anchor(prefix: str, *parts: str) -> str:
    """Return a link target such as `i-1f2e3d4c` from what identifies a row."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
    return f"{prefix}-{digest}"


def resource_anchor(key: str) -> str:
    """Return the link target of a resource's row in the inventory."""
    return anchor("r", key)
