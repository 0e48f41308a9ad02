"""Delivery: the two roles that GitHub Actions plans and deploys with, for one repository.

Hands on nothing. A run on the default branch may read what is deployed;
a job of the environment ``production``, which a reviewer has let through, may assume the roles
that ``cdk bootstrap`` made in this account and region. Composed only if a repository is set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from components.acknowledgement import acknowledge_wildcards
from stacks.optional_stack import OptionalStack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from config.sections.access import Delivery
    from stacks.optional_stack import Foundation

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
GITHUB_ENVIRONMENT = "production"
"""The one that guards the job ``apply`` of .github/workflows/deploy.yml."""
BOOTSTRAP_ROLES = ("deploy", "file-publishing", "image-publishing", "lookup")
"""What the CDK CLI assumes; CloudFormation takes the fifth, cfn-exec, by itself."""


class DeliveryStack(OptionalStack):
    """GitHub's identity provider, if the account has none, and the roles that trust it."""

    NAME = "delivery"
    DESCRIPTION = "The roles that GitHub Actions plans and deploys with"

    def __init__(self, scope: Construct, id_: str, *, foundation: Foundation) -> None:
        settings = foundation.settings
        repository = settings.delivery.github_repository or ""
        super().__init__(scope, id_, foundation=foundation)
        self._provider_arn = self._provider(create=settings.delivery.create_provider)
        self._subject = _subject(settings.delivery, repository)
        # The bootstrap's lookup role reads nearly all of an account; a comparison needs no more
        # than the templates.
        templates = self.format_arn(
            service="cloudformation", resource="stack", resource_name=f"{settings.name}-*/*"
        )
        read = iam.PolicyStatement(
            sid="ReadTemplates",
            actions=["cloudformation:DescribeStacks", "cloudformation:GetTemplate"],
            resources=[templates],
        )
        deploy = iam.PolicyStatement(
            sid="AssumeBootstrapRoles",
            actions=["sts:AssumeRole"],
            resources=self._bootstrap_roles(),
        )
        plan = self._role(
            "PlanRole",
            description=f"cdk diff from GitHub Actions of {repository}",
            subject=f"ref:refs/heads/{settings.delivery.default_branch}",
            statements=[read],
        )
        apply = self._role(
            "DeployRole",
            description=f"cdk deploy from GitHub Actions of {repository}",
            subject=f"environment:{GITHUB_ENVIRONMENT}",
            statements=[read, deploy],
        )
        for role in (plan, apply):
            acknowledge_wildcards(role, {templates: "the configuration's stacks, of whatever id"})

    def _role(
        self, id_: str, *, description: str, subject: str, statements: Sequence[iam.PolicyStatement]
    ) -> iam.Role:
        role = iam.Role(
            self,
            id_,
            description=description,
            assumed_by=iam.FederatedPrincipal(
                self._provider_arn,
                {
                    "StringEquals": {
                        f"{ISSUER}:aud": AUDIENCE,
                        f"{ISSUER}:sub": f"{self._subject}:{subject}",
                    }
                },
                "sts:AssumeRoleWithWebIdentity",
            ),
            max_session_duration=cdk.Duration.hours(1),
            inline_policies={"Delivery": iam.PolicyDocument(statements=statements)},
        )
        cdk.CfnOutput(self, f"{id_}Arn", value=role.role_arn)
        return role

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

    def _provider(self, *, create: bool) -> str:
        if create:
            # No thumbprint: IAM checks GitHub's certificate against its own trust store.
            provider = iam.CfnOIDCProvider(
                self, "Provider", url=f"https://{ISSUER}", client_id_list=[AUDIENCE]
            )
            return provider.attr_arn
        return self.format_arn(
            service="iam", region="", resource="oidc-provider", resource_name=ISSUER
        )


STACK = DeliveryStack


def _subject(delivery: Delivery, repository: str) -> str:
    """How GitHub's tokens name the repository: by names, or by names and lasting numbers.

    https://docs.github.com/en/actions/concepts/security/openid-connect (immutable subject claims)
    """
    if delivery.github_owner_id is None:
        return f"repo:{repository}"
    owner, _, name = repository.partition("/")
    return f"repo:{owner}@{delivery.github_owner_id}/{name}@{delivery.github_repository_id}"
