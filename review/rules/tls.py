"""Buckets refuse requests that are not encrypted in transit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.rules.rule import Rule, Subject
from review.sections.data import tls_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    refusing = tls_only(subject.statements)
    for bucket in subject.assembly.resources("AWS::S3::Bucket"):
        if bucket.key not in refusing:
            yield rule.at(bucket, "the bucket answers requests without TLS")


RULE = Rule(
    id="tls-only-bucket",
    severity="error",
    title="Every bucket's policy denies requests without TLS",
    fix="In CDK: enforce_ssl=True. Else a bucket policy that denies aws:SecureTransport = false.",
    check=_check,
)
