"""What the user of a Studio space may do in Studio itself: see the domain, run the space's apps.

Studio's pages call SageMaker with the user's own role, so a role without these rights could not
even start its space
(https://docs.aws.amazon.com/sagemaker/latest/dg/code-editor-admin-user-access.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from components.access.statements import encrypt_volumes, sagemaker_arn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms

APP_ACTIONS = ("CreateApp", "DeleteApp", "DescribeApp")
SPACE_ACTIONS = ("DescribeSpace", "UpdateSpace")
LIST_ACTIONS = ("ListApps", "ListDomains", "ListSpaces", "ListUserProfiles")


@dataclass(frozen=True, kw_only=True)
class StudioAccess:
    """One user's profile and one space of a domain."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    domain_id: str
    user_name: str
    space_name: str
    key: kms.IKey | None
    """Of the space's volume."""

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a session: find the space, start it, mark it."""
        return [
            _allow("ListStudio", LIST_ACTIONS, "*"),
            _allow("SeeDomain", ("DescribeDomain",), self._domain),
            _allow("SeeUser", ("CreatePresignedDomainUrl", "DescribeUserProfile"), self._user),
            _allow("KeepSpace", SPACE_ACTIONS, self._space),
            _allow("RunApps", APP_ACTIONS, self._apps),
            # Studio tags what it creates, and only then.
            iam.PolicyStatement(
                sid="TagApps",
                actions=["sagemaker:AddTags"],
                resources=[self._apps],
                conditions={"Null": {"sagemaker:TaggingAction": "false"}},
            ),
            *(encrypt_volumes(self.key) if self.key else ()),
        ]

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            "*": "SageMaker's lists of domains, users, spaces and apps take no resource",
            self._apps: "Studio names the apps of the one space itself",
        }

    @property
    def _domain(self) -> str:
        return sagemaker_arn(self.stack, "domain", self.domain_id)

    @property
    def _user(self) -> str:
        return sagemaker_arn(self.stack, "user-profile", f"{self.domain_id}/{self.user_name}")

    @property
    def _space(self) -> str:
        return sagemaker_arn(self.stack, "space", f"{self.domain_id}/{self.space_name}")

    @property
    def _apps(self) -> str:
        return sagemaker_arn(self.stack, "app", f"{self.domain_id}/{self.space_name}/*")


def _allow(sid: str, actions: Sequence[str], resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid, actions=[f"sagemaker:{action}" for action in actions], resources=[resource]
    )
