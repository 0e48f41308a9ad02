"""Rules on data: who reaches it, how it is kept, what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackverdict.rules.rule import Rule
from stackverdict.sections.data import is_stateful, tls_only
from stackverdict.sections.exposure import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.findings import Finding
    from stackverdict.subject import Subject
_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")


def _public(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for row in rows_of(subject.assembly, subject.statements):
        if row.reach == "open":
            resource = subject.assembly.stack(row.stack).resources[row.logical_id]
            yield rule.at(resource, row.what)


PUBLIC = Rule(
    id="no-public-exposure",
    severity="error",
    title="Nothing answers the internet without credentials",
    fix="Ask for credentials, limit the source, or acknowledge it with the reason.",
    check=_public,
)


def _tls(subject: Subject, rule: Rule) -> Iterator[Finding]:
    refusing = tls_only(subject.statements)
    for bucket in subject.assembly.resources("AWS::S3::Bucket"):
        if bucket.key not in refusing:
            yield rule.at(bucket, "the bucket answers requests without TLS")


TLS = Rule(
    id="tls-only-bucket",
    severity="error",
    title="Every bucket's policy denies requests without TLS",
    fix="In CDK: enforce_ssl=True. Else a bucket policy that denies aws:SecureTransport = false.",
    check=_tls,
)


def _kept_data(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for resource in subject.assembly.resources():
        if not is_stateful(resource.type, light=False):
            continue
        missing = [policy for policy in _POLICIES if policy not in resource.body]
        if missing:
            yield rule.at(resource, "does not say its " + " and ".join(missing), place=missing[0])
        elif resource.body[_POLICIES[0]] == "Retain" and resource.body[_POLICIES[1]] == "Delete":
            what = "is kept on deletion, yet its data is lost on replacement"
            yield rule.at(resource, what, place=_POLICIES[1])


KEPT_DATA = Rule(
    id="data-policies",
    severity="error",
    title="What holds data says what becomes of it",
    fix="Set DeletionPolicy and UpdateReplacePolicy (CDK: apply_removal_policy).",
    check=_kept_data,
)


def _log_retention(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for group in subject.assembly.resources("AWS::Logs::LogGroup"):
        if not group.properties.get("RetentionInDays"):
            yield rule.at(group, "keeps logs for ever", place="RetentionInDays")
    for function in subject.assembly.resources("AWS::Lambda::Function"):
        if not function.properties.get("LoggingConfig"):
            what = "logs to a group that Lambda makes, kept for ever and after the stack's deletion"
            yield rule.at(function, what, place="LoggingConfig")


LOG_RETENTION = Rule(
    id="log-retention",
    severity="warning",
    title="Every log group has a retention, and functions log to a group of the stack",
    fix="Set RetentionInDays; give a function its own log group (CDK: log_group=).",
    check=_log_retention,
)
