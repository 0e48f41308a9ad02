"""What SageMaker's jobs and the endpoint may do: data in, model out; they can start nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from components.access.statements import encrypt_volumes, log_group_arn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3


@dataclass(frozen=True, kw_only=True)
class JobAccess:
    """The places that processing, training and transform jobs read and write."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    source_bucket: s3.IBucket
    source_prefix: str
    model_bucket: s3.IBucket
    code_bucket_arns: Sequence[str]
    code_object_arns: Sequence[str]
    """The files that the jobs run."""
    image_repository_arn: str
    key: kms.IKey | None

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a job: start up, read, write, report."""
        statements = [*self._pull_image(), *self._read_and_write(), *self._report()]
        if self.key is not None:
            statements += encrypt_volumes(self.key)
        return statements

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            self._source: "the data set is all the files below its folder",
            self._models: "steps write below the execution's own, generated folder",
            self._log_groups: "SageMaker names its log groups and streams itself",
            "*": "ecr:GetAuthorizationToken and cloudwatch:PutMetricData take no resource; "
            "the latter is held to a namespace",
        }

    @property
    def _source(self) -> str:
        return self.source_bucket.arn_for_objects(f"{self.source_prefix}*")

    @property
    def _models(self) -> str:
        return self.model_bucket.arn_for_objects("*")

    @property
    def _log_groups(self) -> str:
        return log_group_arn(self.stack, "/aws/sagemaker/*")

    def _pull_image(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                sid="LogInToRegistry", actions=["ecr:GetAuthorizationToken"], resources=["*"]
            ),
            iam.PolicyStatement(
                sid="PullImage",
                actions=[
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:GetDownloadUrlForLayer",
                ],
                resources=[self.image_repository_arn],
            ),
        ]

    def _read_and_write(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                sid="ReadData",
                actions=["s3:GetObject"],
                resources=[self._source, *self.code_object_arns],
            ),
            iam.PolicyStatement(
                sid="WriteModels",
                actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                resources=[self._models],
            ),
            iam.PolicyStatement(
                sid="ListData",
                actions=["s3:GetBucketLocation", "s3:ListBucket"],
                resources=[
                    self.source_bucket.bucket_arn,
                    self.model_bucket.bucket_arn,
                    *self.code_bucket_arns,
                ],
            ),
        ]

    def _report(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                sid="WriteLogs",
                actions=[
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                resources=[self._log_groups],
            ),
            iam.PolicyStatement(
                sid="WriteMetrics",
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
            ),
        ]
