"""The ARN of what SageMaker keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aws_cdk as cdk


def sagemaker_arn(stack: cdk.Stack, resource: str, name: str) -> str:
    """The ARN in the stack's region and account, such as of resource ``model``."""
    return stack.format_arn(service="sagemaker", resource=resource, resource_name=name)
