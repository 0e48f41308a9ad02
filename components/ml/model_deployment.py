"""Decision on a model -> event -> queue -> Lambda -> endpoint: the Lambda owns what serves.

CloudFormation owns neither the endpoint nor its configuration, or the two would undo each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from components.access.deployment_access import DeploymentAccess
from components.acknowledgement import acknowledge
from components.platform_function import PlatformFunction

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from components.monitoring.log_groups import LogPolicy
    from config.sections.ml import Pipeline

BETWEEN_LOOKS = cdk.Duration.minutes(12)
"""Six times the function's own time, as Lambda asks of a queue
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html)."""
MOST_LOOKS = 5
LEAST_CONCURRENCY = 2
"""The smallest that an event source of SQS takes."""


class ModelDeployment(Construct):
    """The rule on decisions, the queue they wait in, the Lambda, and a queue for what it gave up.

    An endpoint takes longer to change than a function may run: a message comes again every
    ``BETWEEN_LOOKS`` until the endpoint serves what it should, ``MOST_LOOKS`` times at most.
    """

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
        decisions = self._decision_queue()
        deployer = PlatformFunction(
            self,
            "Deployer",
            name="deploy_model",
            description="Serves the newest approved version of a model",
            log_policy=log_policy,
            access=DeploymentAccess(
                stack=cdk.Stack.of(self),
                model_package_group_name=model_package_group_name,
                endpoint_name=endpoint_name,
                job_role=job_role,
                decisions=decisions,
            ),
            environment={
                "DEPLOY_MODE": pipeline.deploy,
                "ENDPOINT_NAME": endpoint_name,
                "EXECUTION_ROLE_ARN": job_role.role_arn,
                "MODEL_PACKAGE_GROUP": model_package_group_name,
                "SERVERLESS_MAX_CONCURRENCY": str(pipeline.serverless_max_concurrency),
                "SERVERLESS_MEMORY_MB": str(pipeline.serverless_memory_mb),
            },
        )
        lambda_.CfnEventSourceMapping(
            self,
            "Messages",
            event_source_arn=decisions.queue_arn,
            function_name=deployer.function.function_name,
            batch_size=1,
            function_response_types=["ReportBatchItemFailures"],
            # As few at a time as can be: those that find the endpoint changing only wait.
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
                maximum_concurrency=LEAST_CONCURRENCY
            ),
        )
        self._on_decision(model_package_group_name, targets.SqsQueue(decisions))

    def _decision_queue(self) -> sqs.Queue:
        return sqs.Queue(
            self,
            "Decisions",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            visibility_timeout=BETWEEN_LOOKS,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=MOST_LOOKS
            ),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )

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

    def _on_decision(self, model_package_group_name: str, target: events.IRuleTarget) -> None:
        events.Rule(
            self,
            "Decided",
            description="A model version was approved, or rejected after all",
            event_pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Model Package State Change"],
                detail={
                    "ModelPackageGroupName": [model_package_group_name],
                    "ModelApprovalStatus": ["Approved", "Rejected"],
                },
            ),
            targets=[target],
        )
