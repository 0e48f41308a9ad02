"""Operations: alerts on failed runs, retention for the services' own logs, the budget.

Receives the settings, the catalog stack if there is one, and the pipelines' stacks. Hands on
``alerts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns

from components.monitoring.alerts import FailureAlert, monthly_budget, queue_alarm
from components.monitoring.service_log_retention import ServiceLogRetention
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from config import Settings
    from stacks.catalog import CatalogStack
    from stacks.ml_pipeline import MlPipelineStack

CRAWLER_LOG_GROUPS = ("/aws-glue/crawlers",)
JOB_LOG_GROUPS = (
    "/aws/sagemaker/ProcessingJobs",
    "/aws/sagemaker/TrainingJobs",
    "/aws/sagemaker/TransformJobs",
)
"""Log groups that the services make and name themselves, and would keep for ever."""


class OperationsStack(PlatformStack):
    """One topic; an alert for the crawler and for each pipeline; retention; a budget."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        catalog: CatalogStack | None,
        pipelines: Sequence[MlPipelineStack],
    ) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name="operations",
            description="Alerts, log retention and the budget",
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
        if catalog is not None:
            self._alert_on_failed_crawler(catalog)
        for pipeline in pipelines:
            self._alert_on_failed_pipeline(pipeline)
        self._retain_logs(catalog, pipelines)
        monthly_budget(
            self,
            "Budget",
            limit_usd=settings.operations.monthly_budget_usd,
            alert_email=settings.operations.alert_email,
        )
        cdk.CfnOutput(self, "AlertsTopicArn", value=self.alerts.topic_arn)

    def _retain_logs(
        self, catalog: CatalogStack | None, pipelines: Sequence[MlPipelineStack]
    ) -> None:
        groups = [
            *(CRAWLER_LOG_GROUPS if catalog else ()),
            *(JOB_LOG_GROUPS if pipelines else ()),
            *(
                f"/aws/sagemaker/Endpoints/{pipeline.endpoint_name}"
                for pipeline in pipelines
                if pipeline.endpoint_name
            ),
        ]
        if groups:
            ServiceLogRetention(self, "ServiceLogs", log_policy=self.log_policy, log_groups=groups)

    def _alert_on_failed_crawler(self, catalog: CatalogStack) -> None:
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

    def _alert_on_failed_pipeline(self, pipeline: MlPipelineStack) -> None:
        FailureAlert(
            self,
            f"FailedPipeline{pipeline.pipeline.label}",
            topic=self.alerts,
            event_pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Model Building Pipeline Execution Status Change"],
                detail={
                    "pipelineArn": [pipeline.pipeline_arn],
                    "currentPipelineExecutionStatus": ["Failed"],
                },
            ),
            message="Pipeline {} failed: execution {}",
            fields=["$.detail.pipelineArn", "$.detail.pipelineExecutionArn"],
        )
        queue_alarm(
            self,
            f"FailedDeployment{pipeline.pipeline.label}",
            queue=pipeline.deployment.dead_letters,
            topic=self.alerts,
        )
