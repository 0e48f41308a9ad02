"""A role for an AWS service: who may take it, and exactly what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from components.acknowledgement import acknowledge, acknowledge_wildcards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct


WITHOUT_SOURCE: Final = {
    "quicksight.amazonaws.com": "QuickSight documents no source key for the roles that it assumes; "
    "a condition on one would lock it out",
}
"""Services whose requests may lack ``aws:SourceAccount``. Glue and SageMaker document it:
https://docs.aws.amazon.com/glue/latest/dg/cross-service-confused-deputy-prevention.html
https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html"""


class Access(Protocol):
    """What a principal may do, in the terms of one task."""

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Everything that is allowed."""
        ...

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources in it that end in a wildcard, each with the reason."""
        ...


def service_role(
    scope: Construct,
    id_: str,
    *,
    service: str,
    description: str,
    access: Access,
    role_name: str | None = None,
    path: str | None = None,
) -> iam.Role:
    """A role with one inline policy, so that it is complete as soon as it exists."""
    role = iam.Role(
        scope,
        id_,
        role_name=role_name,
        path=path,
        description=description,
        assumed_by=_trusted(service),
        inline_policies={"Access": iam.PolicyDocument(statements=access.statements())},
    )
    acknowledge_wildcards(role, access.wildcards)
    if service in WITHOUT_SOURCE:
        acknowledge(role, {"trust-has-source": WITHOUT_SOURCE[service]})
    return role


def _trusted(service: str) -> iam.IPrincipal:
    if service in WITHOUT_SOURCE:
        return iam.ServicePrincipal(service)
    return service_of_this_account(service)


def service_of_this_account(service: str) -> iam.PrincipalWithConditions:
    """The service, acting for this account only: no confused deputy (``aws:SourceAccount``)."""
    return iam.PrincipalWithConditions(
        iam.ServicePrincipal(service),
        {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}},
    )
