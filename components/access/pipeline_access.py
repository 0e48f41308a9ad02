"""What the pipeline itself may do: start jobs and register models, but touch no data.

Split from what its jobs may do: who can start a job need not be able to read its data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from components.access.statements import pass_to_sagemaker, sagemaker_arn, through_s3

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

ACTIONS_BY_RESOURCE = {
    "processing-job": ("CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob"),
    "training-job": ("CreateTrainingJob", "DescribeTrainingJob", "StopTrainingJob"),
    "transform-job": ("CreateTransformJob", "DescribeTransformJob", "StopTransformJob"),
    "model": ("CreateModel", "DescribeModel", "DeleteModel"),
}
STARTED_BY_PIPELINES = "pipelines-*"
"""SageMaker names what a pipeline starts ``pipelines-<execution>-<step>-<suffix>``."""


@dataclass(frozen=True, kw_only=True)
class PipelineAccess:
    """The jobs that one pipeline starts, and the group that it registers models in."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    job_role: iam.IRole
    model_package_group_name: str
    model_bucket: s3.IBucket
    image_repository_arn: str
    """Of the image that the registered models are served with."""
    key: kms.IKey | None

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a run: start jobs, check, register."""
        statements = [
            *self._start(),
            pass_to_sagemaker(self.job_role),
            # The condition step reads the evaluation report with the pipeline's own role.
            iam.PolicyStatement(
                sid="ReadReports", actions=["s3:GetObject"], resources=[self._reports]
            ),
            # A package records its model's ETag and its image's digest, and has no role to read
            # them with but its caller's.
            iam.PolicyStatement(
                sid="ReadModels", actions=["s3:GetObject"], resources=[self._models]
            ),
            iam.PolicyStatement(
                sid="ReadImage",
                actions=["ecr:BatchGetImage", "ecr:DescribeImages"],
                resources=[self.image_repository_arn],
            ),
            iam.PolicyStatement(
                sid="RegisterModels",
                actions=[
                    # The pipeline tags what it makes with its own execution's ARN.
                    "sagemaker:AddTags",
                    "sagemaker:CreateModelPackage",
                    "sagemaker:DescribeModelPackage",
                ],
                resources=[
                    self._packages,
                    sagemaker_arn(self.stack, "model-package-group", self.model_package_group_name),
                ],
            ),
        ]
        if self.key is not None:
            statements.append(through_s3(self.stack, self.key, ["kms:Decrypt"]))
        return statements

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            **dict.fromkeys(self._started.values(), "SageMaker names the jobs itself"),
            self._packages: "SageMaker numbers the versions of a model package itself",
            self._reports: "the report lies below the execution's own, generated folder",
            self._models: "the model lies below the execution's own, generated folder",
        }

    @property
    def _started(self) -> Mapping[str, str]:
        """What the pipeline starts: the resource to its ARN."""
        return {
            resource: sagemaker_arn(self.stack, resource, STARTED_BY_PIPELINES)
            for resource in ACTIONS_BY_RESOURCE
        }

    @property
    def _packages(self) -> str:
        return sagemaker_arn(self.stack, "model-package", f"{self.model_package_group_name}/*")

    @property
    def _reports(self) -> str:
        return self.model_bucket.arn_for_objects("*/evaluation.json")

    @property
    def _models(self) -> str:
        return self.model_bucket.arn_for_objects("*/model.tar.gz")

    def _start(self) -> list[iam.PolicyStatement]:
        started = self._started
        return [
            iam.PolicyStatement(
                sid="Run" + resource.title().replace("-", ""),
                actions=[f"sagemaker:{action}" for action in (*actions, "AddTags")],
                resources=[started[resource]],
            )
            for resource, actions in ACTIONS_BY_RESOURCE.items()
        ]
