"""A Lambda function of the platform: its own role, its own log group, code without bundling."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from components.acknowledgement import acknowledge_wildcards
from components.monitoring.log_groups import LogPolicy, log_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.aws_logs import ILogGroup

    from components.access.service_role import Access

LAMBDAS = Path(__file__).parent.parent / "lambdas"
NO_CODE = ["__pycache__", "*.pyc"]
TIMEOUT = cdk.Duration.minutes(2)
MEMORY_MEGABYTES = 256


class PlatformFunction(Construct):
    """The function of one folder of ``lambdas/``, allowed exactly the given access.

    Args:
        scope: the parent.
        id_: its id below the parent.
        name: the folder in ``lambdas/``.
        description: what it does, for the console.
        log_policy: for its log group.
        access: all that it may do, besides writing its log.
        environment: its environment variables.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        log_policy: LogPolicy,
        access: Access,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        logs = log_group(self, "Logs", policy=log_policy)
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="handler.handler",
            code=lambda_.Code.from_asset(str(LAMBDAS / name), exclude=NO_CODE),
            environment=dict(environment or {}),
            role=self._role(description, access, logs).without_policy_updates(),
            timeout=TIMEOUT,
            memory_size=MEMORY_MEGABYTES,
            log_group=logs,
        )

    def _role(self, description: str, access: Access, logs: ILogGroup) -> iam.Role:
        write_logs = iam.PolicyStatement(
            sid="WriteLogs",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[logs.log_group_arn],
        )
        role = iam.Role(
            self,
            "Role",
            description=description,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={
                "Access": iam.PolicyDocument(statements=[*access.statements(), write_logs])
            },
        )
        acknowledge_wildcards(
            role, {logs.log_group_arn: "Lambda names its log streams itself", **access.wildcards}
        )
        return role
