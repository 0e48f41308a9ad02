"""Log groups forget after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for group in subject.assembly.resources("AWS::Logs::LogGroup"):
        if not group.properties.get("RetentionInDays"):
            yield rule.at(group, "keeps logs for ever", place="RetentionInDays")
    for function in subject.assembly.resources("AWS::Lambda::Function"):
        if not function.properties.get("LoggingConfig"):
            what = "logs to a group that Lambda makes, kept for ever and after the stack's deletion"
            yield rule.at(function, what, place="LoggingConfig")


RULE = Rule(
    id="log-retention",
    severity="warning",
    title="Every log group has a retention, and functions log to a group of the stack",
    fix="Set RetentionInDays; give a function its own log group (CDK: log_group=).",
    check=_check,
)
