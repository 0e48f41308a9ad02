"""Approved model -> event -> Lambda -> endpoint: the Lambda alone owns what serves.

CloudFormation owns neither the endpoint nor its configuration, or the two would undo each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from components.access.deployment_access import DeploymentAccess
from components.acknowledgement import acknowledge
from components.platform_function import PlatformFunction

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from components.monitoring.log_groups import LogPolicy
    from config.sections.ml import Pipeline


class ModelDeployment(Construct):
    """The rule on approvals, the Lambda that deploys, and a queue for events it failed on."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        pipeline: Pipeline,
        log_policy: LogPolicy,
        model_package_group_name: str,
        endpoint_name: str,
        job_role: iam.IRole,
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letters = self._dead_letter_queue()
        deployer = PlatformFunction(
            self,
            "Deployer",
            name="deploy_model",
            description="Deploys a model version when it is approved",
            log_policy=log_policy,
            access=DeploymentAccess(
                stack=cdk.Stack.of(self),
                model_package_group_name=model_package_group_name,
                endpoint_name=endpoint_name,
                job_role=job_role,
            ),
            environment={
                "DEPLOY_MODE": pipeline.deploy,
                "ENDPOINT_NAME": endpoint_name,
                "EXECUTION_ROLE_ARN": job_role.role_arn,
                "MODEL_PACKAGE_GROUP": model_package_group_name,
                "SERVERLESS_MAX_CONCURRENCY": str(pipeline.serverless_max_concurrency),
                "SERVERLESS_MEMORY_MB": str(pipeline.serverless_memory_mb),
            },
            # The rule keeps only what it cannot hand over; what fails later is Lambda's to keep.
            dead_letters=self.dead_letters,
        )
        target = targets.LambdaFunction(
            deployer.function, dead_letter_queue=self.dead_letters, retry_attempts=2
        )
        self._on_approval(model_package_group_name, target)

    def _dead_letter_queue(self) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "DeadLetters",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=cdk.Duration.days(14),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        acknowledge(queue, {"AwsSolutions-SQS3": "it is the dead-letter queue"})
        return queue

    def _on_approval(self, model_package_group_name: str, target: events.IRuleTarget) -> None:
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
            targets=[target],
        )
