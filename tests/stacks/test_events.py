"""The rules on events: each fires on the event that AWS sends, and on no other.

The events are those of the services' own documentation, with names of ours:
https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from config import load
from tests.conftest import SHIPPED, assembly_of
from tests.stacks.templates import resources, text_of

if TYPE_CHECKING:
    from pathlib import Path

every_configuration = pytest.mark.parametrize("config", SHIPPED)


def pattern(assembly: Path, rule: str) -> dict[str, Any]:
    (properties,) = [
        resource["Properties"]
        for name, resource in resources(assembly, "AWS::Events::Rule")
        if name.partition(":")[2].startswith(rule)
    ]
    assert properties["State"] == "ENABLED"
    event_pattern: dict[str, Any] = properties["EventPattern"]
    return event_pattern


def fires(event_pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """EventBridge's own rule for patterns of literal values; an intrinsic function is any value."""
    return all(
        fires(allowed, event.get(key, {}))
        if isinstance(allowed, dict)
        else event.get(key) in allowed or any(_is_intrinsic(value) for value in allowed)
        for key, allowed in event_pattern.items()
    )


def _is_intrinsic(value: Any) -> bool:
    return isinstance(value, dict)


def crawler_event(state: str) -> dict[str, Any]:
    return {
        "source": "aws.glue",
        "detail-type": "Glue Crawler State Change",
        "detail": {"crawlerName": "catch", "state": state, "errorMessage": "Internal Service"},
    }


def pipeline_event(status: str) -> dict[str, Any]:
    return {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Building Pipeline Execution Status Change",
        "detail": {
            "pipelineArn": "arn:aws:sagemaker:us-east-1:111111111111:pipeline/catch-value",
            "previousPipelineExecutionStatus": "Executing",
            "currentPipelineExecutionStatus": status,
        },
    }


def package_event(group: str, status: str) -> dict[str, Any]:
    return {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "detail": {"ModelPackageGroupName": group, "ModelApprovalStatus": status},
    }


def test_a_failed_crawl_is_alerted_and_no_other(assembly: Path) -> None:
    rule = pattern(assembly, "FailedCrawlerRule")

    assert fires(rule, crawler_event("Failed"))
    assert not fires(rule, crawler_event("Succeeded"))
    assert not fires(rule, pipeline_event("Failed"))


def test_a_failed_execution_of_the_pipeline_is_alerted_and_no_other(assembly: Path) -> None:
    rule = pattern(assembly, "FailedPipelineCatchValueRule")

    assert fires(rule, pipeline_event("Failed"))
    assert not fires(rule, pipeline_event("Succeeded"))
    assert not fires(rule, crawler_event("Failed"))


@every_configuration
def test_the_alert_is_on_our_own_crawler_and_pipeline(config: str) -> None:
    (crawler,) = pattern(assembly_of(config), "FailedCrawlerRule")["detail"]["crawlerName"]
    (pipeline,) = pattern(assembly_of(config), "FailedPipelineCatchValueRule")["detail"][
        "pipelineArn"
    ]

    assert "RefCrawler" in crawler["Fn::ImportValue"]
    assert text_of(pipeline).endswith(f":pipeline/{load(config).name}-catch-value")


@every_configuration
def test_only_a_decision_in_our_own_group_is_acted_on(config: str) -> None:
    group = f"{load(config).name}-catch-value"
    rule = pattern(assembly_of(config), "DeploymentDecided")

    assert fires(rule, package_event(group, "Approved"))
    assert not fires(rule, package_event(group, "PendingManualApproval"))
    assert fires(rule, package_event(group, "Rejected"))
    assert not fires(rule, package_event("of-another", "Approved"))


def test_a_decision_that_the_deployer_gives_up_is_kept_and_tells_somebody(assembly: Path) -> None:
    queues = dict(resources(assembly, "AWS::SQS::Queue"))
    ids = [name.rpartition(":")[2] for name in queues]
    kept = [
        queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in queues.values()
        if "RedrivePolicy" in queue["Properties"]
    ]
    alarms = [
        alarm["Properties"]
        for _, alarm in resources(assembly, "AWS::CloudWatch::Alarm")
        if alarm["Properties"]["Namespace"] == "AWS/SQS"
    ]

    assert [name for name in ids if "DeadLetters" in name] == kept
    assert [len(alarm["AlarmActions"]) for alarm in alarms] == [1] * len(kept)


def test_a_decision_comes_again_until_the_endpoint_serves_what_it_should(assembly: Path) -> None:
    ((_, mapping),) = resources(assembly, "AWS::Lambda::EventSourceMapping")
    (decisions,) = [
        queue["Properties"]
        for name, queue in resources(assembly, "AWS::SQS::Queue")
        if "Decisions" in name
    ]
    (deployer,) = [
        function["Properties"]
        for name, function in resources(assembly, "AWS::Lambda::Function")
        if "Deployer" in name
    ]

    assert mapping["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["Properties"]["BatchSize"] == 1
    assert decisions["VisibilityTimeout"] >= 6 * deployer["Timeout"]
    assert decisions["RedrivePolicy"]["maxReceiveCount"] >= 5
