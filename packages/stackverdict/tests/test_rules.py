"""Every rule has a template that it passes and one that it fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stackverdict.loading.assembly import load_assembly
from stackverdict.rules import RULES
from stackverdict.subject import Subject

if TYPE_CHECKING:
    from stackverdict.findings import Finding
    from stackverdict.rules.rule import Rule

TEMPLATES = Path(__file__).parent / "templates"
FAILING = {
    "tls-only-bucket": {"Data"},
    "no-public-exposure": {"Door", "Link", "Topic"},
    "trust-has-source": {"Crawling", "Delivering"},
    "no-wildcard-action": {"Holder", "Master"},
    "pass-role-condition": {"Holder"},
    "no-escalation": {"Holder"},
    "no-wide-resource": {"Holder"},
    "log-retention": {"Logs", "Worker"},
    "tags": {"Data", "Crawler"},
    "retired": {"Notebook", "Worker", "Environment"},
    "data-policies": {"Unsaid", "Half"},
    "no-placeholder": {"Parameter", "Budget"},
    "no-account-id": {"Parameter"},
    "budget": {""},
    "multinode-on-spot": {"Job"},
}


def check(rule: Rule, template: str, **options: object) -> list[Finding]:
    assembly = load_assembly(TEMPLATES / rule.id / f"{template}.yaml")
    return list(rule.check(Subject(assembly, options), rule))


def rule_of(name: str) -> Rule:
    return next(rule for rule in RULES if rule.id == name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_nothing_about_a_template_that_keeps_it(rule: Rule) -> None:
    assert check(rule, "pass") == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_every_resource_that_breaks_it(rule: Rule) -> None:
    assert {finding.logical_id for finding in check(rule, "fail")} == FAILING[rule.id]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_finding_says_what_to_do(rule: Rule) -> None:
    findings = check(rule, "fail")
    assert findings
    assert all(finding.fix and finding.message for finding in findings)


def test_rule_ids_are_distinct() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_tags_that_the_gate_requires_are_named_when_they_are_missing() -> None:
    (bucket,) = [
        finding
        for finding in check(rule_of("tags"), "pass", required_tags=["project", "owner"])
        if finding.logical_id == "Data"
    ]
    assert bucket.message == "lacks the tags owner"


def test_an_account_that_the_gate_knows_may_stand_in_a_template() -> None:
    assert check(rule_of("no-account-id"), "fail", known_accounts=["210987654321"]) == []


def test_not_action_counts_as_every_action_but_those_it_lists() -> None:
    messages = [finding.message for finding in check(rule_of("no-wildcard-action"), "fail")]
    assert messages[:2] == ["allows s3:*", "allows *, except iam:*"]
