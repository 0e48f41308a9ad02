"""What tells somebody: a failed run, a message in a queue that should stay empty, money spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs

WARNINGS = {"ACTUAL": 80, "FORECASTED": 100}
"""Kind of spending to the percentage of the limit at which AWS warns."""


class FailureAlert(Construct):
    """The rule sends the message; the alarm has no action, or every failure would mail twice."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        topic: sns.ITopic,
        event_pattern: events.EventPattern,
        message: str,
        fields: Sequence[str],
    ) -> None:
        """Watch for events.

        Args:
            scope: the parent.
            id_: what failed.
            topic: where the message goes.
            event_pattern: which events are failures.
            message: the text, with ``{}`` for each field.
            fields: JSON paths into the event.
        """
        super().__init__(scope, id_)
        self.rule = events.Rule(self, "Rule", event_pattern=event_pattern)
        text = message.format(*(events.EventField.from_path(field) for field in fields))
        self.rule.add_target(
            targets.SnsTopic(topic, message=events.RuleTargetInput.from_text(text))
        )
        self.alarm = self._alarm()

    def _alarm(self) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            "Alarm",
            metric=cloudwatch.Metric(
                namespace="AWS/Events",
                metric_name="TriggeredRules",
                dimensions_map={"RuleName": self.rule.rule_name},
                statistic=cloudwatch.Stats.SUM,
                period=cdk.Duration.minutes(5),
            ),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


def queue_alarm(
    scope: Construct, id_: str, *, queue: sqs.IQueue, topic: sns.Topic
) -> cloudwatch.Alarm:
    """Mail the topic's subscribers once when the queue is no longer empty."""
    alarm = cloudwatch.Alarm(
        scope,
        id_,
        alarm_description="Events wait in the dead-letter queue: read them, mend, send them again",
        metric=queue.metric_approximate_number_of_messages_visible(
            statistic=cloudwatch.Stats.MAXIMUM, period=cdk.Duration.minutes(5)
        ),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    # A topic with a policy of its own has lost the default one, which would admit alarms.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="PublishAlarms",
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}},
        )
    )
    return alarm


def monthly_budget(
    scope: Construct, id_: str, *, limit_usd: int, alert_email: str | None
) -> budgets.CfnBudget:
    """A budget for the whole account; without an address it is seen in the console only."""
    return budgets.CfnBudget(
        scope,
        id_,
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=limit_usd, unit="USD"),
        ),
        notifications_with_subscribers=(
            [_warning(kind, percentage, alert_email) for kind, percentage in WARNINGS.items()]
            if alert_email
            else None
        ),
    )


def _warning(
    kind: str, percentage: int, address: str
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percentage,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=address)
        ],
    )
