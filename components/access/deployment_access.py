"""What the deploy Lambda may do: make and update this platform's models and its one endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from components.access.statements import pass_to_sagemaker, sagemaker_arn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_sqs as sqs

SERVED = ("endpoint", "endpoint-config", "model")


@dataclass(frozen=True, kw_only=True)
class DeploymentAccess:
    """The group that models are read from, and the endpoint that they are served by."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    model_package_group_name: str
    endpoint_name: str
    job_role: iam.IRole
    decisions: sqs.IQueue
    """Where the decisions on versions wait for it."""

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a deployment."""
        return [
            iam.PolicyStatement(
                sid="ReadModelPackages",
                actions=["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
                resources=[self._packages, self._group],
            ),
            iam.PolicyStatement(
                sid="TakeDecisions",
                actions=["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
                resources=[self.decisions.queue_arn],
            ),
            iam.PolicyStatement(
                sid="Serve",
                actions=[
                    "sagemaker:AddTags",
                    "sagemaker:CreateEndpoint",
                    "sagemaker:CreateEndpointConfig",
                    "sagemaker:CreateModel",
                    "sagemaker:DescribeEndpoint",
                    "sagemaker:DescribeEndpointConfig",
                    "sagemaker:DescribeModel",
                    "sagemaker:UpdateEndpoint",
                ],
                resources=self._served,
            ),
            pass_to_sagemaker(self.job_role),
        ]

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            self._packages: "SageMaker numbers the versions of a model package itself",
            **dict.fromkeys(self._served, "one model and configuration a version, named after it"),
        }

    @property
    def _packages(self) -> str:
        return sagemaker_arn(self.stack, "model-package", f"{self.model_package_group_name}/*")

    @property
    def _group(self) -> str:
        return sagemaker_arn(self.stack, "model-package-group", self.model_package_group_name)

    @property
    def _served(self) -> list[str]:
        return [sagemaker_arn(self.stack, kind, f"{self.endpoint_name}*") for kind in SERVED]
