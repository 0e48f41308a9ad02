"""Names tables as Glue does."""

from __future__ import annotations

import re

_MAX = 128  # Glue's limit for a crawler's table names


def table_name(*, location: str, prefix: str = "") -> str:
    """Name the table of a location: its last folder, at a bucket's root the bucket.

    Lower case; what is not a letter, digit or underscore becomes an underscore.
    """
    last = location.rstrip("/").rpartition("/")[2]
    return (prefix.lower() + re.sub(r"[^a-z0-9_]", "_", last.lower()))[:_MAX]
