"""Accepted findings of the validators: written beside the resource, each with its reason."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct

TOKEN = re.compile(r"\$\{Token\[[^\]]+\]\}")


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on a construct and below it.

    Args:
        construct: the narrowest construct that the findings stand on.
        reasons: the finding's exact id, such as ``AwsSolutions-S1`` of cdk-nag, ``W3697`` of
            CloudFormation Validate or ``tls-only-bucket`` of our review, to the reason.
    """
    cdk.Validations.of(construct).acknowledge(
        *(
            # Without its validator's prefix a finding would vanish from the report.
            cdk.Acknowledgment(id=f"{_validator(finding)}::{finding}", reason=reason)
            for finding, reason in reasons.items()
        )
    )


def _validator(finding: str) -> str:
    if finding.startswith("AwsSolutions-"):
        return "AwsSolutions"
    # Our rules are words in lower case; AWS's are a letter and a number.
    return "Review" if finding.islower() else "CloudFormation-Validate"


def acknowledge_wildcards(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept resources that end in a wildcard (finding IAM5) in a construct's policies.

    Args:
        construct: the role, policy or their ancestor.
        reasons: the resource ARN exactly as the statement has it, to the reason.
    """
    stack = cdk.Stack.of(construct)
    acknowledge(
        construct,
        {
            f"AwsSolutions-IAM5[Resource::{_as_finding(stack, arn)}]": reason
            for arn, reason in reasons.items()
        },
    )


def _as_finding(stack: cdk.Stack, arn: str) -> str:
    """Write an ARN as cdk-nag does: <Ref>, <Resource.Attribute>, and exports by their name."""
    return TOKEN.sub(lambda match: _token_as_finding(stack, match.group()), arn)


@cache
def _token_as_finding(stack: cdk.Stack, token: str) -> str:
    (resolvable,) = cdk.Tokenization.reverse_string(token).tokens
    if isinstance(resolvable, cdk.Reference):
        producer = cdk.Stack.of(resolvable.target)
        if producer is not stack:
            token = producer.export_value(token)
    return _flatten(stack.resolve(token))


def _flatten(value: Any) -> str:
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    match function:
        case "Ref":
            return f"<{argument}>"
        case "Fn::GetAtt":
            return f"<{'.'.join(argument)}>"
        case "Fn::ImportValue":
            return _flatten(argument)
        case _:
            separator, parts = argument
            joined: str = separator.join(_flatten(part) for part in parts)
            return joined
