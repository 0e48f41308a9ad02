"""Approved model -> event -> Lambda -> endpoint: the Lambda alone owns what serves.

CloudFormation owns neither the endpoint nor its configuration, or the two would undo each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from components.acknowledgement import acknowledge
from components.platform_function import PlatformFunction

if TYPE_CHECKING:
    from config import Settings

SERVED = ("endpoint", "endpoint-config", "model")


class ModelDeployment(Construct):
    """The rule on approvals, the Lambda that deploys, and a queue for events it failed on."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        model_package_group_name: str,
        endpoint_name: str,
        job_role: iam.IRole,
    ) -> None:
        super().__init__(scope, id_)
        packages = self._arn("model-package", f"{model_package_group_name}/*")
        own = [self._arn(kind, f"{endpoint_name}*") for kind in SERVED]
        self.function = PlatformFunction(
            self,
            "Deployer",
            name="deploy_model",
            description="Deploys a model version when it is approved",
            settings=settings,
            statements=_deploy(packages, own, job_role),
            wildcards={
                packages: "SageMaker numbers the versions of a model package itself",
                **dict.fromkeys(own, "a model and a configuration per version, named after it"),
            },
            environment={
                "DEPLOY_MODE": settings.ml_pipeline.deploy,
                "ENDPOINT_NAME": endpoint_name,
                "EXECUTION_ROLE_ARN": job_role.role_arn,
                "MODEL_PACKAGE_GROUP": model_package_group_name,
                "SERVERLESS_MAX_CONCURRENCY": str(settings.ml_pipeline.serverless_max_concurrency),
                "SERVERLESS_MEMORY_MB": str(settings.ml_pipeline.serverless_memory_mb),
            },
        ).function
        dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=cdk.Duration.days(14),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        acknowledge(dead_letters, {"AwsSolutions-SQS3": "it is the dead-letter queue"})
        events.Rule(
            self,
            "Approved",
            description="A model version was approved",
            event_pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Model Package State Change"],
                detail={
                    "ModelPackageGroupName": [model_package_group_name],
                    "ModelApprovalStatus": ["Approved"],
                },
            ),
            targets=[
                targets.LambdaFunction(
                    self.function, dead_letter_queue=dead_letters, retry_attempts=2
                )
            ],
        )

    def _arn(self, kind: str, name: str) -> str:
        return cdk.Stack.of(self).format_arn(service="sagemaker", resource=kind, resource_name=name)


def _deploy(packages: str, own: list[str], job_role: iam.IRole) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ReadModelPackages",
            actions=["sagemaker:DescribeModelPackage"],
            resources=[packages],
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
            resources=own,
        ),
        iam.PolicyStatement(
            sid="PassJobRole",
            actions=["iam:PassRole"],
            resources=[job_role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    ]
