"""A retention for the log groups that services make and name themselves.

The CDK's own ``logs.LogRetention`` may set the retention of every log group in the account and
logs for ever itself; this may touch the named groups only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from components.access.statements import log_group_arn
from components.platform_function import PlatformFunction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.monitoring.log_groups import LogPolicy


@dataclass(frozen=True, kw_only=True)
class RetentionAccess:
    """The log groups whose retention may be set."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    log_groups: tuple[str, ...]

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Look the groups up, make them, bind them."""
        return [
            iam.PolicyStatement(
                sid="SetRetention",
                actions=["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
                resources=list(self._groups),
            ),
            iam.PolicyStatement(
                sid="ReadRetention", actions=["logs:DescribeLogGroups"], resources=["*"]
            ),
        ]

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            **self._groups,
            "*": "DescribeLogGroups takes no resource",
        }

    @property
    def _groups(self) -> Mapping[str, str]:
        # Both actions check the group's ARN with the streams' wildcard behind it.
        return {
            log_group_arn(self.stack, f"{name}:*"): "the log streams of the one group that is named"
            for name in self.log_groups
        }


class ServiceLogRetention(Construct):
    """A custom resource that sets the retention, and the function behind it."""

    def __init__(
        self, scope: Construct, id_: str, *, log_policy: LogPolicy, log_groups: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        setter = PlatformFunction(
            self,
            "Setter",
            name="log_retention",
            description="Sets the retention of the services' log groups",
            log_policy=log_policy,
            access=RetentionAccess(stack=cdk.Stack.of(self), log_groups=tuple(log_groups)),
        )
        cdk.CustomResource(
            self,
            "Retention",
            resource_type="Custom::ServiceLogRetention",
            service_token=setter.function.function_arn,
            properties={
                "LogGroups": list(log_groups),
                "RetentionInDays": log_policy.days,
            },
        )
