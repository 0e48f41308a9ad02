"""Rules on money: a budget watches it, and tags tell costs apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackverdict.findings import Finding
from stackverdict.intrinsics import as_list, text
from stackverdict.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.subject import Subject
# Taggable types by which a bill is usually split. Tags are a list, or a mapping in some services.
TAGGED = (
    "AWS::Athena::WorkGroup",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Instance",
    "AWS::EC2::NatGateway",
    "AWS::EC2::VPC",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::EKS::Cluster",
    "AWS::FSx::FileSystem",
    "AWS::Glue::Crawler",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Lambda::Function",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::NotebookInstance",
    "AWS::SageMaker::Pipeline",
)
_BY_THE_CDK = {"Name", "aws-cdk:auto-delete-objects", "aws-cdk:auto-delete-images"}


def _budget(subject: Subject, rule: Rule) -> Iterator[Finding]:
    if next(subject.assembly.resources("AWS::Budgets::Budget"), None) is None:
        yield Finding(
            rule=rule.id,
            source="review",
            severity=rule.severity,
            message="no stack has a budget",
            fix=rule.fix,
        )


BUDGET = Rule(
    id="budget",
    severity="warning",
    title="A budget watches what is spent",
    fix="Add an AWS::Budgets::Budget with a subscriber.",
    check=_budget,
)


def _tags(subject: Subject, rule: Rule) -> Iterator[Finding]:
    required = {str(tag) for tag in subject.options.get("required_tags", [])}
    for resource in subject.assembly.resources(*TAGGED):
        if resource.path.split("/")[1:2] and "Custom::" in resource.path:
            continue  # the CDK's own helper functions take no tags of their own choosing
        present = _keys(resource.properties.get("Tags"))
        missing = sorted(required - present)
        if missing:
            yield rule.at(resource, "lacks the tags " + ", ".join(missing), place="Tags")
        elif not present - _BY_THE_CDK:
            yield rule.at(resource, "has no tag", place="Tags")


def _keys(tags: Any) -> set[str]:
    if isinstance(tags, dict):
        return {str(key) for key in tags}
    return {text(tag.get("Key")) for tag in as_list(tags) if isinstance(tag, dict)}


TAGS = Rule(
    id="tags",
    severity="warning",
    title="What bills is tagged",
    fix="In CDK: Tags.of(app).add(key, value). The gate's option required_tags lists the keys.",
    check=_tags,
)
