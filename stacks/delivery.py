"""Delivery: the role that GitHub Actions deploys with, for one repository and environment.

Receives the settings. Hands on nothing. The role can do one thing: assume the roles that
``cdk bootstrap`` made in this account and region. Composed only if a repository is set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
BOOTSTRAP_ROLES = ("deploy", "file-publishing", "image-publishing", "lookup")
"""What the CDK CLI assumes; CloudFormation takes the fifth, cfn-exec, by itself."""


class DeliveryStack(cdk.Stack):
    """GitHub's identity provider, if the account has none, and the role that trusts it."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, repository: str) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"{settings.name}-delivery",
            description="The role that GitHub Actions deploys with",
            env=cdk.Environment(region=settings.region),
            termination_protection=settings.keeps_data,
        )
        provider_arn = self._provider_arn(create=settings.delivery.create_provider)
        subject = f"repo:{repository}:environment:{settings.delivery.github_environment}"
        role = iam.Role(
            self,
            "DeployRole",
            description=f"cdk deploy from GitHub Actions of {repository}",
            assumed_by=iam.FederatedPrincipal(
                provider_arn,
                {"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": subject}},
                "sts:AssumeRoleWithWebIdentity",
            ),
            max_session_duration=cdk.Duration.hours(1),
            inline_policies={
                "AssumeBootstrapRoles": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=["sts:AssumeRole"], resources=self._bootstrap_roles()
                        )
                    ]
                )
            },
        )
        cdk.CfnOutput(self, "DeployRoleArn", value=role.role_arn)

    def _bootstrap_roles(self) -> list[str]:
        qualifier = cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER
        return [
            self.format_arn(
                service="iam",
                region="",
                resource="role",
                resource_name=f"cdk-{qualifier}-{name}-role-{self.account}-{self.region}",
            )
            for name in BOOTSTRAP_ROLES
        ]

    def _provider_arn(self, *, create: bool) -> str:
        if create:
            # No thumbprint: IAM checks GitHub's certificate against its own trust store.
            provider = iam.CfnOIDCProvider(
                self, "Provider", url=f"https://{ISSUER}", client_id_list=[AUDIENCE]
            )
            return provider.attr_arn
        return self.format_arn(
            service="iam", region="", resource="oidc-provider", resource_name=ISSUER
        )
