"""Roles that trust a service or an identity provider say on whose behalf (confused deputy)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.iam.marks import lacks_source, lacks_subject
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind != "trust" or one.effect != "Allow":
            continue
        who = ", ".join(one.principals)
        if lacks_source(one):
            yield rule.at(one.carrier, f"trusts {who} with no source condition", place=one.place)
        elif lacks_subject(one):
            yield rule.at(one.carrier, f"trusts everyone whom {who} knows", place=one.place)


RULE = Rule(
    id="trust-has-source",
    severity="error",
    title="A role that trusts a service or an identity provider says on whose behalf",
    fix=(
        "Add a condition on aws:SourceAccount (and aws:SourceArn where the service sends it); "
        "for an identity provider, on its `sub` claim."
    ),
    check=_check,
)
