"""Nothing is built on what AWS has closed or retired."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from review.rules.rule import Rule, Subject
from review.sections.retired import retired_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in retired_in(subject.assembly):
        found = rule.at(one.resource, one.what, place=one.place)
        fix = f"Use {one.successor}." if one.successor else rule.fix
        yield dataclasses.replace(found, severity=one.severity, fix=fix)


RULE = Rule(
    id="retired",
    severity="error",
    title="No retired instance family, platform, runtime or service",
    fix="Use what AWS names as its successor.",
    check=_check,
)
