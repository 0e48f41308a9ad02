"""The role of the jobs and the endpoint: data in, model out; it can start nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from components.acknowledgement import acknowledge, acknowledge_wildcards
from components.service_trust import service_of_this_account

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from components.pipeline_code import PipelineCode


class SageMakerJobRole(Construct):
    """What processing, training and transform jobs, and the model they make, may do."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_bucket: s3.IBucket,
        source_prefix: str,
        model_bucket: s3.IBucket,
        code: PipelineCode,
        image_uri: str,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        source = source_bucket.arn_for_objects(f"{source_prefix}*")
        models = model_bucket.arn_for_objects("*")
        log_groups = stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name="/aws/sagemaker/*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        statements = [
            *_read_and_write(
                readable=[source, *code.object_arns],
                writable=models,
                listable=[source_bucket.bucket_arn, model_bucket.bucket_arn, code.bucket_arn],
            ),
            *_report(log_groups),
            *_pull(stack, image_uri),
        ]
        if key is not None:
            statements += _encrypt(key)
        self.role = iam.Role(
            self,
            "Role",
            description="SageMaker jobs: read the source data, write models and reports",
            assumed_by=service_of_this_account("sagemaker.amazonaws.com"),
            inline_policies={"Work": iam.PolicyDocument(statements=statements)},
        )
        acknowledge_wildcards(
            self.role,
            {
                source: "the data set is all the files below its folder",
                models: "steps write below the execution's own, generated folder",
                log_groups: "SageMaker names its log groups and streams itself",
            },
        )
        acknowledge(
            self.role,
            {
                "AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken and "
                "cloudwatch:PutMetricData take no resource; the latter is held to a namespace"
            },
        )


def _read_and_write(
    *, readable: list[str], writable: str, listable: list[str]
) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(sid="ReadData", actions=["s3:GetObject"], resources=readable),
        iam.PolicyStatement(
            sid="WriteModels",
            actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            resources=[writable],
        ),
        iam.PolicyStatement(
            sid="ListData",
            actions=["s3:GetBucketLocation", "s3:ListBucket"],
            resources=listable,
        ),
    ]


def _report(log_groups: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="WriteLogs",
            actions=[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
            resources=[log_groups],
        ),
        iam.PolicyStatement(
            sid="WriteMetrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
        ),
    ]


def _pull(stack: cdk.Stack, image_uri: str) -> list[iam.PolicyStatement]:
    # <account>.dkr.ecr.<region>.<suffix>/<repository>:<tag>: AWS's own registry of the region.
    registry, _, image = image_uri.partition("/")
    repository = stack.format_arn(
        service="ecr",
        account=registry.partition(".")[0],
        resource="repository",
        resource_name=image.partition(":")[0],
    )
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
            resources=[repository],
        ),
    ]


def _encrypt(key: kms.IKey) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="UseKey",
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            resources=[key.key_arn],
        ),
        # SageMaker encrypts the jobs' volumes through a grant on the key.
        iam.PolicyStatement(
            sid="GrantKeyToVolumes",
            actions=["kms:CreateGrant"],
            resources=[key.key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]
