"""Trust policies for AWS services that cannot be used by a confused deputy."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam


def service_of_this_account(service: str) -> iam.PrincipalWithConditions:
    """The service, acting for this account only (condition key ``aws:SourceAccount``)."""
    return iam.PrincipalWithConditions(
        iam.ServicePrincipal(service),
        {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}},
    )
