"""The buckets, and where in them each data set lies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.sections.section import Section

Prefix = Annotated[str, Field(pattern=r"^$|^([a-z0-9_-]+/)+$")]
"""A folder in the data-source bucket, ending in a slash; empty for the bucket's root."""
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]


class Storage(Section):
    """The buckets: names are generated unless they are given."""

    source_bucket_name: BucketName | None = None
    """Unique in the whole of AWS, if it is given."""
    results_bucket_name: BucketName | None = None
    """Likewise."""
    results_expire_days: int = Field(default=14, ge=1, le=365)
    """After how many days an answer of Athena is deleted."""
    working_files_expire_days: int = Field(default=30, ge=1, le=3650)
    """After how many days the copies of the data that a pipeline's execution makes are deleted."""
    encryption: Literal["s3", "kms"] = "s3"
    """``kms`` adds a customer managed key (about 1 dollar a month) with rotation."""
    access_logs: bool = False
    """Whether every access to a bucket is logged, in a bucket of its own."""
    prefixes: dict[str, Prefix] = Field(default_factory=dict)
    """Where a data set lies, by its name, if not at the prefix that its own file gives."""
