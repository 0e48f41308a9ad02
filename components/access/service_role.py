"""A role for an AWS service: who may take it, and exactly what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from components.acknowledgement import acknowledge_wildcards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct


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
        assumed_by=service_of_this_account(service),
        inline_policies={"Access": iam.PolicyDocument(statements=access.statements())},
    )
    acknowledge_wildcards(role, access.wildcards)
    return role


def service_of_this_account(service: str) -> iam.PrincipalWithConditions:
    """The service, acting for this account only: no confused deputy (``aws:SourceAccount``)."""
    return iam.PrincipalWithConditions(
        iam.ServicePrincipal(service),
        {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}},
    )
