"""Accepted findings of cdk-nag: written beside the resource, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on a construct and below it.

    Args:
        construct: the narrowest construct that the findings stand on.
        reasons: cdk-nag's finding, such as ``AwsSolutions-S1``, to the reason to accept it.
            The pack's prefix is added, without it the finding would vanish from the report.
    """
    cdk.Validations.of(construct).acknowledge(
        *(
            cdk.Acknowledgment(id=f"AwsSolutions::{finding}", reason=reason)
            for finding, reason in reasons.items()
        )
    )
