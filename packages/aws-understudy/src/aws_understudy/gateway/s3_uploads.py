"""Completes S3 uploads that ask for KMS encryption without naming a key, as the CDK CLI does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.gateway.asgi import Scope

_ALGORITHM = "x-amz-server-side-encryption"
_KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"
_AWS_MANAGED_KEY = b"alias/aws/s3"


def with_default_kms_key(scope: Scope, headers: Mapping[str, str]) -> Scope:
    """Name the AWS managed key where an upload says ``aws:kms`` alone.

    S3 itself does so (API reference, PutObject, SSEKMSKeyId); ministack refuses such a request.
    """
    if headers.get(_ALGORITHM) != "aws:kms" or _KEY_ID in headers:
        return scope
    added = (_KEY_ID.encode(), _AWS_MANAGED_KEY)
    return {**scope, "headers": [*scope["headers"], added]}
