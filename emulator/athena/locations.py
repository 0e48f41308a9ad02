"""Where a statement may read and write: S3, and nothing else."""

from __future__ import annotations

import re

from emulator.athena.errors import QueryError

_S3 = re.compile(r"s3[an]?://[^/]+(/.*)?", re.DOTALL)


def s3_location(uri: str) -> str:
    """The location itself, once it is one in S3.

    Raises:
        QueryError: INVALID_TABLE_PROPERTY, with the value and what is allowed.
    """
    if not _S3.fullmatch(uri):
        raise QueryError(
            "INVALID_TABLE_PROPERTY",
            f"The location {uri!r} is not in S3; it should look like 's3://bucket/folder/'",
        )
    return uri
