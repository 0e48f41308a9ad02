"""A stand-in for AWS on this machine: real answers where it can, an honest refusal where not.

from aws_understudy import Understudy

with Understudy() as aws:
aws.client("s3").create_bucket(Bucket="data")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_understudy.understudy import Understudy, UnderstudyError

__all__ = ["Understudy", "UnderstudyError"]


def __getattr__(name: str) -> object:
    # The launcher of sandboxes imports this package with each job, and needs nothing of boto3.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aws_understudy import understudy  # noqa: PLC0415 - see above

    return getattr(understudy, name)
