"""Statements and ARNs that several accesses have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms


_PLACES: dict[str, tuple[str, str]] = {}
"""Partition and account of a region, asked of the CDK once."""


def arn(stack: cdk.Stack, service: str, resource: str, *, account: str | None = None) -> str:
    """An ARN in a stack's region and account, unless another account is given.

    As ``Stack.format_arn`` writes it; that asks Node several times for each, which a synthesis
    with many statements feels.
    """
    region = stack.region
    if region not in _PLACES:
        _PLACES[region] = stack.partition, cdk.Aws.ACCOUNT_ID
    partition, own_account = _PLACES[region]
    return f"arn:{partition}:{service}:{region}:{account or own_account}:{resource}"


def through_s3(stack: cdk.Stack, key: kms.IKey, actions: Sequence[str]) -> iam.PolicyStatement:
    """Allow actions on the key when S3 asks for them, never to a caller of KMS itself."""
    return iam.PolicyStatement(
        sid="UseKeyThroughS3",
        actions=list(actions),
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
    )


def pass_to_sagemaker(role: iam.IRole) -> iam.PolicyStatement:
    """Allow handing the role to SageMaker, and to no other service."""
    return iam.PolicyStatement(
        sid="PassJobRole",
        actions=["iam:PassRole"],
        resources=[role.role_arn],
        conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    )


def repository_arn(stack: cdk.Stack, image_uri: str) -> str:
    """The repository of an image, ``<account>.dkr.ecr.<region>.<suffix>/<repository>:<tag>``."""
    registry, _, image = image_uri.partition("/")
    account, repository = registry.partition(".")[0], image.partition(":")[0]
    return arn(stack, "ecr", f"repository/{repository}", account=account)


def sagemaker_arn(stack: cdk.Stack, resource: str, name: str) -> str:
    """The ARN of what SageMaker keeps, such as of resource ``model``, in the stack's account."""
    return arn(stack, "sagemaker", f"{resource}/{name}")


def log_group_arn(stack: cdk.Stack, name: str) -> str:
    """The ARN of log groups of the stack's account; the name may end in a wildcard."""
    return arn(stack, "logs", f"log-group:{name}")


def encrypt_volumes(key: kms.IKey) -> list[iam.PolicyStatement]:
    """Use the key for objects, and let SageMaker encrypt volumes with it."""
    return [
        iam.PolicyStatement(
            sid="UseKey",
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            resources=[key.key_arn],
        ),
        # SageMaker encrypts the jobs' volumes through a grant on the key. Without a condition on
        # kms:GrantIsForAWSResource: the grant for a volume does not bear it.
        iam.PolicyStatement(
            sid="GrantKeyToVolumes",
            actions=["kms:CreateGrant"],
            resources=[key.key_arn],
        ),
    ]
