"""The use of a customer managed key, for objects of S3 only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms


def through_s3(stack: cdk.Stack, key: kms.IKey, actions: Sequence[str]) -> iam.PolicyStatement:
    """Allow actions on the key when S3 asks for them, never to a caller of KMS itself."""
    return iam.PolicyStatement(
        sid="UseKeyThroughS3",
        actions=list(actions),
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
    )
