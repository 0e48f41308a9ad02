"""Operations: alerts on failed runs, retention for the services' own logs, the budget.

Receives the settings, the catalog stack and the pipeline stack. Hands on ``alerts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns

from components.failure_alert import FailureAlert
from components.monthly_budget import monthly_budget
from components.queue_alarm import queue_alarm
from components.service_log_retention import ServiceLogRetention

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings
    from stacks.catalog import CatalogStack
    from stacks.ml_pipeline import MlPipelineStack

SERVICE_LOG_GROUPS = (
    "/aws-glue/crawlers",
    "/aws/sagemaker/ProcessingJobs",
    "/aws/sagemaker/TrainingJobs",
    "/aws/sagemaker/TransformJobs",
)
"""Log groups that the services make and name themselves, and would keep for ever."""


class OperationsStack(cdk.Stack):
    """One topic; an alert for the crawler and one for the pipeline; retention; a budget."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        catalog: CatalogStack,
        ml_pipeline: MlPipelineStack,
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"{settings.name}-operations",
            description="Alerts, log retention and the budget",
            env=cdk.Environment(region=settings.region),
            termination_protection=settings.keeps_data,
        )
        self.alerts = sns.Topic(self, "Alerts", enforce_ssl=True)
        if settings.operations.alert_email is not None:
            # Not add_subscription: it makes the address a part of the construct's id.
            sns.Subscription(
                self,
                "AlertEmail",
                topic=self.alerts,
                protocol=sns.SubscriptionProtocol.EMAIL,
                endpoint=settings.operations.alert_email,
            )
        self._alert_on_failed_runs(catalog, ml_pipeline)
        queue_alarm(
            self, "FailedDeployment", queue=ml_pipeline.deployment.dead_letters, topic=self.alerts
        )
        self._retain_logs(settings, ml_pipeline.endpoint_name)
        monthly_budget(
            self,
            "Budget",
            limit_usd=settings.operations.monthly_budget_usd,
            alert_email=settings.operations.alert_email,
        )
        cdk.CfnOutput(self, "AlertsTopicArn", value=self.alerts.topic_arn)

    def _retain_logs(self, settings: Settings, endpoint_name: str | None) -> None:
        groups = list(SERVICE_LOG_GROUPS)
        if endpoint_name is not None:
            groups.append(f"/aws/sagemaker/Endpoints/{endpoint_name}")
        ServiceLogRetention(self, "ServiceLogs", settings=settings, log_groups=groups)

    def _alert_on_failed_runs(self, catalog: CatalogStack, ml_pipeline: MlPipelineStack) -> None:
        FailureAlert(
            self,
            "FailedCrawler",
            topic=self.alerts,
            event_pattern=events.EventPattern(
                source=["aws.glue"],
                detail_type=["Glue Crawler State Change"],
                detail={"crawlerName": [catalog.crawler.ref], "state": ["Failed"]},
            ),
            message="Crawler {} failed: {}",
            fields=["$.detail.crawlerName", "$.detail.errorMessage"],
        )
        FailureAlert(
            self,
            "FailedPipeline",
            topic=self.alerts,
            event_pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Model Building Pipeline Execution Status Change"],
                detail={
                    "pipelineArn": [ml_pipeline.pipeline_arn],
                    "currentPipelineExecutionStatus": ["Failed"],
                },
            ),
            message="Pipeline {} failed: execution {}",
            fields=["$.detail.pipelineArn", "$.detail.pipelineExecutionArn"],
        )
