"""No example value is left in a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from review.intrinsics import walk
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding

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


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for resource in subject.assembly.resources():
        for place, value in walk(resource.properties):
            if not isinstance(value, str) or _CODE & set(place.split("/")):
                continue
            if match := _PLACEHOLDER.search(value):
                yield rule.at(resource, f"holds the placeholder {match[0]!r}", place=place)


RULE = Rule(
    id="no-placeholder",
    severity="error",
    title="No placeholder is left",
    fix="Give the real value, or make it a parameter or a setting.",
    check=_check,
)
