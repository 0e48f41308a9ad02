"""An alert for one kind of failed run: a message that names the run, and an alarm that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns


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
