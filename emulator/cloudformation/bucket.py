"""S3 buckets: ministack drops encryption, lifecycle, tags, ownership and logging."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from emulator.cloudformation.bucket_rules import BUCKET_COMPLETIONS
from emulator.cloudformation.completed_type import CompletedType


def _delete(client: Any, bucket: str) -> None:
    """Delete as S3 does: a bucket that holds objects is refused; ministack would drop them."""
    try:
        client.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


BUCKET = CompletedType(
    type="AWS::S3::Bucket",
    service="s3",
    carried=frozenset(
        {
            "BucketName",
            "CorsConfiguration",
            "NotificationConfiguration",
            "PublicAccessBlockConfiguration",
            "WebsiteConfiguration",
        }
    ),
    completions=BUCKET_COMPLETIONS,
    delete=_delete,
    name_property="BucketName",
)
