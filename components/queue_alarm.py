"""An alarm that speaks up when a queue that should stay empty holds a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct


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
