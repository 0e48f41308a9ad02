"""The role of the pipeline itself: it starts jobs and registers models, and touches no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from components.acknowledgement import acknowledge_wildcards
from components.encryption import through_s3
from components.service_trust import service_of_this_account

if TYPE_CHECKING:
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


class SageMakerPipelineRole(Construct):
    """Split from the jobs' role: who can start a job need not be able to read its data."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        job_role: iam.IRole,
        model_package_group_name: str,
        model_bucket: s3.IBucket,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        packages = _arn(stack, "model-package", f"{model_package_group_name}/*")
        reports = model_bucket.arn_for_objects("*/evaluation.json")
        wildcards = {
            _arn(stack, resource, STARTED_BY_PIPELINES): "SageMaker names the jobs itself"
            for resource in ACTIONS_BY_RESOURCE
        }
        statements = [
            *_start(stack),
            iam.PolicyStatement(
                sid="RegisterModels",
                actions=["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
                resources=[packages, _arn(stack, "model-package-group", model_package_group_name)],
            ),
            # The condition step reads the evaluation report with the pipeline's own role.
            iam.PolicyStatement(sid="ReadReports", actions=["s3:GetObject"], resources=[reports]),
            iam.PolicyStatement(
                sid="PassJobRole",
                actions=["iam:PassRole"],
                resources=[job_role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            ),
        ]
        if key is not None:
            statements.append(through_s3(stack, key, ["kms:Decrypt"]))
        self.role = iam.Role(
            self,
            "Role",
            description="SageMaker pipeline: start jobs, register models, pass the jobs' role",
            assumed_by=service_of_this_account("sagemaker.amazonaws.com"),
            inline_policies={"Orchestrate": iam.PolicyDocument(statements=statements)},
        )
        acknowledge_wildcards(
            self.role,
            {
                **wildcards,
                packages: "SageMaker numbers the versions of a model package itself",
                reports: "the report lies below the execution's own, generated folder",
            },
        )


def _start(stack: cdk.Stack) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="Run" + resource.title().replace("-", ""),
            actions=[f"sagemaker:{action}" for action in (*actions, "AddTags")],
            resources=[_arn(stack, resource, STARTED_BY_PIPELINES)],
        )
        for resource, actions in ACTIONS_BY_RESOURCE.items()
    ]


def _arn(stack: cdk.Stack, resource: str, name: str) -> str:
    return stack.format_arn(service="sagemaker", resource=resource, resource_name=name)
