"""Rules on what must not be written in a template: account ids and placeholders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stackverdict.intrinsics import walk
from stackverdict.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.findings import Finding
    from stackverdict.subject import Subject


_ACCOUNT = re.compile(r"(?<![\w.-])(\d{12})(?![\w-])")
# Accounts of AWS's own that templates have to name: registries of SageMaker images, log delivery.
_OF_AWS = {
    "382416733822",
    "683313688378",
    "749696950732",
    "763104351884",
    "811284229777",
    "127311923021",
}
_PLACEHOLDER = re.compile(
    r"\b(change[-_ ]?me|replace[-_ ]?me|todo|fixme|your[-_](bucket|account|name|email|key|region)"
    r"|xxx+|dummy1[a-f]|lorem ipsum)\b|@example\.(com|org|net)\b|<[a-z]+[-_ ][a-z-_ ]+>",
    re.IGNORECASE,
)
_CODE = {
    "ZipFile",
    "UserData",
    "Content",
    "OnStart",
    "OnCreate",
    "PipelineDefinitionBody",
    "InputTemplate",
}


def _account_id(subject: Subject, rule: Rule) -> Iterator[Finding]:
    allowed = _OF_AWS | {str(account) for account in subject.options.get("known_accounts", [])}
    for resource in subject.assembly.resources():
        for place, value in walk(resource.properties):
            for account in _ACCOUNT.findall(value) if isinstance(value, str) else ():
                if account not in allowed:
                    yield rule.at(resource, f"names the account {account}", place=place)


ACCOUNT_ID = Rule(
    id="no-account-id",
    severity="error",
    title="No account id is written in a template",
    fix="Use AWS::AccountId, or list the account in the gate's option known_accounts.",
    check=_account_id,
)


def _placeholder(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for resource in subject.assembly.resources():
        for place, value in walk(resource.properties):
            if not isinstance(value, str) or _CODE & set(place.split("/")):
                continue
            if match := _PLACEHOLDER.search(value):
                yield rule.at(resource, f"holds the placeholder {match[0]!r}", place=place)


PLACEHOLDER = Rule(
    id="no-placeholder",
    severity="error",
    title="No placeholder is left",
    fix="Give the real value, or make it a parameter or a setting.",
    check=_placeholder,
)
