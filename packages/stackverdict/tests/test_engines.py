"""Findings of other tools arrive in one form, once each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from stackverdict.engines import cfn_lint, cfn_validate, parliament, synth_report
from stackverdict.engines.result import Result
from stackverdict.engines.run import merged
from stackverdict.findings import Finding
from stackverdict.loading.assembly import load_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Write, WriteAssembly

WRONG = {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": "yes"}}


def test_cloudformation_validate_finds_a_property_of_the_wrong_kind(template: Write) -> None:
    result = cfn_validate.run(template(Data=WRONG).assembly)
    places = {(finding.logical_id, finding.severity, finding.place) for finding in result.findings}
    assert ("Data", "error", "VersioningConfiguration") in places


@pytest.mark.slow
def test_cfn_lint_finds_a_property_of_the_wrong_kind(template: Write) -> None:
    result = cfn_lint.run(template(Data=WRONG).assembly, regions=["us-east-1"])
    places = {
        (finding.logical_id, finding.severity, finding.place, finding.line)
        for finding in result.findings
    }
    assert result.missing == ""
    assert ("Data", "error", "VersioningConfiguration", 6) in places


def test_parliament_finds_an_action_that_does_not_exist(template: Write) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}
    policy = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
    }
    result = parliament.run(template(Rights=policy).statements)
    assert result.missing == ""
    assert [(finding.rule, finding.logical_id) for finding in result.findings] == [
        ("UNKNOWN_ACTION", "Rights")
    ]


def test_parliament_accepts_values_that_are_known_at_deployment_only(template: Write) -> None:
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Data", "Arn"]}, "/*"]]},
        "Condition": {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    policy = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
    }
    subject = template(Rights=policy, Data={"Type": "AWS::S3::Bucket"})
    assert parliament.run(subject.statements).findings == ()


@pytest.mark.parametrize("value", [True, ["true"], "true", ["true", "false"]])
def test_a_statement_that_parliament_fails_on_is_told_and_the_others_are_judged(
    template: Write, value: object
) -> None:
    odd = {
        "Effect": "Allow",
        "Action": "kms:CreateGrant",
        "Resource": "*",
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": value}},
    }
    wrong = {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}
    policy = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [odd, wrong]}},
    }
    result = parliament.run(template(Rights=policy).statements)
    expected = ["NOT_JUDGED"] if isinstance(value, list) and len(value) > 1 else []
    assert result.missing == ""
    assert [finding.rule for finding in result.findings] == [*expected, "UNKNOWN_ACTION"]


@pytest.fixture
def synthesized(cloud_assembly: WriteAssembly) -> Path:
    violation = {
        "ruleName": "AwsSolutions-S1",
        "description": "No access logs. Logs tell who came.",
        "severity": "error",
        "violatingConstructs": [{"constructPath": "App/Data/Resource", "stackTraces": [""]}],
    }
    accepted = {**violation, "reason": "a lab", "acknowledgedAt": "App/Data"}
    plugin = {
        "pluginName": "AwsSolutions",
        "violations": [violation],
        "suppressedViolations": [accepted],
    }
    metadata = {"/App/Data/Resource": [{"type": "aws:cdk:logicalId", "data": "Data1"}]}
    body = {"Resources": {"Data1": {"Type": "AWS::S3::Bucket"}}}
    return cloud_assembly({"App": (body, metadata)}, report={"pluginReports": [plugin]})


def test_the_report_of_the_synthesis_is_read_with_its_reasons(synthesized: Path) -> None:
    opened, accepted = synth_report.read(load_assembly(synthesized)).findings
    assert (opened.logical_id, opened.message, opened.fix) == (
        "Data1",
        "No access logs",
        "Logs tell who came.",
    )
    assert (accepted.reason, accepted.acknowledged_at) == ("a lab", "App/Data")


def test_a_report_of_synthesis_that_is_broken_is_refused(synthesized: Path) -> None:
    (synthesized / "validation-report.json").write_text("{")
    with pytest.raises(Exception, match=r"validation-report\.json"):
        load_assembly(synthesized)


def test_what_two_tools_say_of_one_place_is_one_finding_with_the_worse_severity() -> None:
    def result(source: str, rule: str, severity: str, place: str) -> Result:
        finding = Finding(
            rule=rule, source=source, severity=severity, message=source, stack="A", place=place
        )
        return Result(engine=source, findings=(finding,))

    results = [
        result("cfn-validate", "F3002", "warning", "Tags"),
        result("cfn-lint", "E3002", "error", "Tags/0"),
        result("parliament", "E3002", "error", "Elsewhere"),
    ]
    first, second = merged(results)
    assert (first.source, first.severity) == ("cfn-validate, cfn-lint", "error")
    assert second.place == "Elsewhere"


def test_a_large_assembly_is_shared_among_processes_without_loss(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        resources = {f"T{number}": {"Type": "AWS::SNS::Topic"} for number in range(200)}
        (tmp_path / f"{name}.json").write_text(json.dumps({"Resources": resources}))
    stacks = {stack.file: stack for stack in load_assembly(tmp_path).stacks}
    shares = cfn_lint._shares(stacks)
    assert sorted(file for share in shares for file in share) == sorted(stacks)
