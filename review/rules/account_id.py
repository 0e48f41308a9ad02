"""No account is written into a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from review.intrinsics import walk
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding

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


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    allowed = _OF_AWS | {str(one) for one in subject.options.get("known_accounts", [])}
    for resource in subject.assembly.resources():
        for place, value in walk(resource.properties):
            for account in _ACCOUNT.findall(value) if isinstance(value, str) else ():
                if account not in allowed:
                    yield rule.at(resource, f"names the account {account}", place=place)


RULE = Rule(
    id="no-account-id",
    severity="error",
    title="No account id is written in a template",
    fix="Use AWS::AccountId, or list the account in the gate's option known_accounts.",
    check=_check,
)
