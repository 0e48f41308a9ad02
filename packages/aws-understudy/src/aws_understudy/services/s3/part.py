"""S3, as far as it is here: ministack drops encryption, lifecycle, tags, ownership and logging."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from aws_understudy.cloudformation.completed_type import CompletedType
from aws_understudy.core.fidelity import control_plane, real
from aws_understudy.services.part import Part
from aws_understudy.services.s3.bucket_rules import BUCKET_COMPLETIONS

if TYPE_CHECKING:
    from collections.abc import Mapping


def _delete(client: Any, bucket: str, _properties: Mapping[str, Any]) -> None:
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

FIDELITY = (
    real("AWS::S3::Bucket", "holds objects; lifecycle rules are kept, not run"),
    control_plane("AWS::S3::BucketPolicy", "kept and shown; not enforced"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=(BUCKET,),
)
