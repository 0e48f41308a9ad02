"""Mark what deserves a second look in a statement: wildcards, escalation, open trust."""

from __future__ import annotations

import fnmatch
import json
import re
from typing import TYPE_CHECKING

from stackverdict.iam.actions import level, narrowable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackverdict.iam.statements import Statement

# Actions by which a holder can give itself more. One is enough, unless it needs PassRole.
ESCALATING = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
)
_SOURCE_KEYS = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
_OWNER_KEYS = (*_SOURCE_KEYS, "aws:principalorgid", "aws:principalaccount", "aws:principalarn")
_CALLER_KEYS = (*_OWNER_KEYS, "aws:sourcevpce", "aws:sourcevpc", "aws:sourceip")
# Claims by which one caller of an identity provider is told from another (OIDC, SAML, Cognito).
_SUBJECT_KEYS = (":sub", ":repository", ":amr")
_PERMISSION_KEYS = {"SourceArn", "SourceAccount", "PrincipalOrgID"}
_ACCOUNT = re.compile(r"(?<![\d.])(\d{12})(?!\d)")
# Services whose trust a caller of another account cannot use: AWS assumes the role for a resource
# of this account (an instance, a function), and does not send a source key.
NO_SOURCE_KEY = {"ec2.amazonaws.com", "lambda.amazonaws.com", "pods.eks.amazonaws.com"}


def covers(patterns: Iterable[str], action: str) -> bool:
    """Tell whether some action pattern allows the action."""
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def marks(statement: Statement) -> tuple[str, ...]:
    """Return what is remarkable about an Allow statement, in words; nothing for a Deny."""
    if statement.effect != "Allow":
        return ()
    if statement.kind == "trust":
        return tuple(_trust_marks(statement))
    remarks = [] if _left_to_iam(statement) else [*_wildcard_marks(statement)]
    if statement.kind == "identity":
        remarks += _escalation_marks(statement)
    elif is_public(statement):
        remarks.append("anyone may use it")
    elif lacks_source(statement):
        remarks.append("lets a service in without a source condition")
    if accounts := foreign_accounts(statement):
        remarks.append("another account: " + ", ".join(accounts))
    return tuple(remarks)


def _left_to_iam(statement: Statement) -> bool:
    """Tell whether a key's policy only hands the decision to its own account's IAM policies."""
    own = all(principal.endswith(":root") for principal in statement.principals)
    key = statement.carrier.type == "AWS::KMS::Key"
    return key and own and bool(statement.principals) and not foreign_accounts(statement)


def _wildcard_marks(statement: Statement) -> Iterable[str]:
    if statement.excepted:
        yield "allows all but what it lists"
    wild = [action for action in statement.actions if level(action) == "all"]
    if wild:
        yield "every action of " + ", ".join(
            "every service" if action == "*" else action.partition(":")[0] for action in wild
        )
    if statement.kind == "identity" and wide_actions(statement):
        yield "any resource"


def wide_actions(statement: Statement) -> list[str]:
    """Return the actions allowed on every resource although AWS lets them be narrowed."""
    if "*" not in statement.resources or statement.effect != "Allow":
        return []
    return [action for action in statement.actions if narrowable(action)]


def _escalation_marks(statement: Statement) -> Iterable[str]:
    if passes_any_role(statement):
        yield "passes roles without a condition"
    if has_condition(statement):
        return
    for action in ESCALATING:
        if covers(statement.actions, action) and not _excepts_iam(statement):
            yield f"can raise its own rights ({action})"
            return


def passes_any_role(statement: Statement) -> bool:
    """Tell whether iam:PassRole is allowed without saying to which service."""
    if not covers(statement.actions, "iam:PassRole") or _excepts_iam(statement):
        return False
    return "iam:passedtoservice" not in json.dumps(statement.condition, default=str).lower()


def _excepts_iam(statement: Statement) -> bool:
    return covers(
        (pattern.removeprefix("except ") for pattern in statement.excepted), "iam:PassRole"
    )


def _trust_marks(statement: Statement) -> Iterable[str]:
    if is_public(statement):
        yield "anyone may become it"
    if accounts := foreign_accounts(statement):
        yield "another account: " + ", ".join(accounts)
    if lacks_source(statement):
        yield "trusts a service without a source condition"
    if lacks_subject(statement):
        yield "trusts everyone whom an identity provider knows"


def lacks_source(statement: Statement) -> bool:
    """Tell whether a service is trusted with no word of whose account it acts for."""
    services = [
        principal.removeprefix("Service: ")
        for principal in statement.principals
        if "Service: " in principal
    ]
    needing = [service for service in services if service not in NO_SOURCE_KEY]
    return bool(needing) and not _has_key(statement, _SOURCE_KEYS)


def lacks_subject(statement: Statement) -> bool:
    """Tell whether an identity provider is trusted with no word of whose tokens count."""
    if not any("Federated: " in principal for principal in statement.principals):
        return False
    condition = json.dumps(statement.condition, default=str).lower()
    return not any(f'{key}"' in condition for key in _SUBJECT_KEYS)


def is_public(statement: Statement) -> bool:
    """Tell whether anyone on the internet is allowed, with no condition on who it is."""
    if statement.effect != "Allow":
        return False
    everyone = any(principal in {"*", "AWS: *"} for principal in statement.principals)
    if isinstance(statement.condition, dict):
        signed = statement.condition.get("FunctionUrlAuthType") == "AWS_IAM"
        if signed or _PERMISSION_KEYS & set(statement.condition):
            return False
    return everyone and not _has_key(statement, _CALLER_KEYS)


def has_condition(statement: Statement) -> bool:
    """Tell whether the statement has any condition at all."""
    return bool(statement.condition)


def foreign_accounts(statement: Statement) -> tuple[str, ...]:
    """Return account ids among the principals, other than the stack's own."""
    text = " ".join(statement.principals)
    accounts = dict.fromkeys(_ACCOUNT.findall(text))
    return tuple(account for account in accounts if account != statement.account)


def _has_key(statement: Statement, keys: tuple[str, ...]) -> bool:
    condition = json.dumps(statement.condition, default=str).lower()
    return any(f'"{key}"' in condition for key in keys)
