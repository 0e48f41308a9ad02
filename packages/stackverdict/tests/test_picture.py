"""The picture shows who reads, writes and starts what, and hides plumbing."""

from __future__ import annotations

import html
import importlib.util
from typing import TYPE_CHECKING, Any

import pytest

from stackverdict.flows.arrows import Flow, flows_of
from stackverdict.node import Node
from stackverdict.picture.svg import Pictures, draw
from stackverdict.resource_types import is_plumbing, title

if TYPE_CHECKING:
    from pathlib import Path

    from stackverdict.subject import Subject
    from tests.conftest import Write


def role(*statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Statement": []},
            "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}],
        },
    }


def allow(action: str, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


DATA = {"Type": "AWS::S3::Bucket"}
DATA_ARN = {"Fn::GetAtt": ["Data", "Arn"]}


def function(**more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, **more},
    }


def flows(subject: Subject) -> list[Flow]:
    return flows_of(subject.assembly, subject.references, subject.statements, subject.shown)


def drawn(subject: Subject, node: Node) -> Pictures:
    return draw(subject.assembly, subject.shown, flows(subject), node=node)


def test_data_flows_from_what_is_read_to_the_function_that_reads(template: Write) -> None:
    subject = template(Data=DATA, Role=role(allow("s3:GetObject", DATA_ARN)), Fn=function())
    assert flows(subject) == [Flow("stack/Data", "stack/Fn", "reads")]


def test_data_flows_from_the_function_to_what_it_writes(template: Write) -> None:
    subject = template(Data=DATA, Role=role(allow("s3:PutObject", DATA_ARN)), Fn=function())
    assert flows(subject) == [Flow("stack/Fn", "stack/Data", "writes")]


def test_a_role_that_is_only_passed_on_does_not_make_an_actor(template: Write) -> None:
    environment = {"Variables": {"ROLE": {"Fn::GetAtt": ["Role", "Arn"]}}}
    subject = template(
        Data=DATA,
        Role=role(allow("s3:GetObject", DATA_ARN)),
        Fn={"Type": "AWS::Lambda::Function", "Properties": {"Environment": environment}},
    )
    assert Flow("stack/Data", "stack/Fn", "reads") not in flows(subject)


def test_a_role_that_nothing_here_uses_is_drawn_as_somebody_outside(template: Write) -> None:
    subject = template(Data=DATA, Role=role(allow("s3:GetObject", DATA_ARN)))
    assert flows(subject) == [Flow("stack/Data", "stack/Role", "reads")]


def test_a_rule_starts_its_target_and_is_started_by_what_it_listens_to(template: Write) -> None:
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventPattern": {"detail": {"name": [{"Ref": "Crawler"}]}},
            "Targets": [{"Id": "t", "Arn": {"Ref": "Topic"}}],
        },
    }
    subject = template(
        Crawler={"Type": "AWS::Glue::Crawler"}, Topic={"Type": "AWS::SNS::Topic"}, Rule=rule
    )
    assert flows(subject) == [
        Flow("stack/Crawler", "stack/Rule", "starts"),
        Flow("stack/Rule", "stack/Topic", "starts"),
    ]


def test_a_resource_named_in_plain_text_is_found(template: Write) -> None:
    subject = template(
        Catalog={"Type": "AWS::Glue::Database", "Properties": {"DatabaseInput": {"Name": "fish"}}},
        Crawler={"Type": "AWS::Glue::Crawler", "Properties": {"DatabaseName": "fish"}},
    )
    assert flows(subject) == [Flow("stack/Crawler", "stack/Catalog", "uses")]


@pytest.mark.parametrize(
    ("type_name", "path", "hidden"),
    [
        ("AWS::IAM::Policy", "", True),
        ("AWS::S3::BucketPolicy", "", True),
        ("AWS::Lambda::Function", "App/Custom::Helper/Handler", True),
        ("AWS::Lambda::Function", "App/Fn/Resource", False),
        ("AWS::EC2::RouteTable", "", True),
        ("AWS::S3::Bucket", "", False),
    ],
)
def test_plumbing_is_not_drawn(type_name: str, path: str, *, hidden: bool) -> None:
    assert is_plumbing(type_name, path) is hidden


def test_a_type_is_written_for_people() -> None:
    assert title("AWS::Glue::Database") == "Glue database"


def test_every_drawn_resource_is_in_the_picture(template: Write, node: Node) -> None:
    subject = template(
        Data=DATA, Role=role(allow("s3:GetObject", DATA_ARN)), Fn=function(Description='<&">')
    )
    pictures = drawn(subject, node)
    assert pictures.missing == ""
    assert ">Data<" in pictures.overview
    assert "flow-reads" in html.unescape(pictures.overview)


@pytest.mark.parametrize("name", ['a"b', "a\\", "<b>&", "a\nb", "{x|y}", "\u00e9\u4e2d"])
def test_a_strange_name_does_not_break_the_drawing(template: Write, node: Node, name: str) -> None:
    subject = template(**{name: {"Type": "Kind without colons"}, "Other": DATA})
    pictures = drawn(subject, node)
    assert pictures.missing == ""
    assert ">Other<" in pictures.overview


def test_many_of_a_type_are_drawn_as_one(template: Write, node: Node) -> None:
    queries = {f"Q{number}": {"Type": "AWS::Athena::NamedQuery"} for number in range(9)}
    subject = template(**queries)
    assert "9 \u00d7 Athena named query" in drawn(subject, node).overview


def test_a_missing_package_is_told_with_the_remedy(template: Write, tmp_path: Path) -> None:
    pictures = drawn(template(Data=DATA), Node(tmp_path))
    assert pictures.overview == ""
    assert str(tmp_path) in pictures.missing
    assert "run `stackverdict setup`" in pictures.missing


def test_without_node_there_is_no_picture_and_the_remedy_is_told(
    template: Write, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "/nowhere")
    pictures = drawn(template(Data=DATA), node)
    assert pictures.overview == ""
    assert "pip install 'stackverdict[node]'" in pictures.missing


def registry() -> dict[str, Any]:
    properties = {"ModelPackageGroupName": "catch-value"}
    return {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": properties}


def pipeline() -> dict[str, Any]:
    return {"Type": "AWS::SageMaker::Pipeline", "Properties": {"PipelineName": "catch-value"}}


def test_an_arn_leads_to_the_kind_that_it_says_and_no_other_of_that_name(template: Write) -> None:
    arn = "arn:aws:sagemaker:us-east-1:${AWS::AccountId}:model-package/catch-value/*"
    subject = template(
        Models=registry(),
        Pipeline=pipeline(),
        Role=role(allow("sagemaker:DescribeModelPackage", {"Fn::Sub": arn})),
        Fn=function(),
    )

    assert flows(subject) == [Flow("stack/Models", "stack/Fn", "reads")]


@pytest.mark.parametrize(
    "detail",
    [
        {"ModelPackageGroupName": ["catch-value"]},
        {"arn": [{"Fn::Sub": "arn:aws:sagemaker:a:${B}:model-package-group/catch-value"}]},
    ],
)
def test_a_rule_hears_of_what_its_pattern_names(template: Write, detail: Any) -> None:
    pattern = {"source": ["aws.sagemaker"], "detail": detail}
    heard = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern}}
    subject = template(Models=registry(), Pipeline=pipeline(), Heard=heard)

    assert flows(subject) == [Flow("stack/Models", "stack/Heard", "starts")]


@pytest.mark.parametrize(
    ("type_name", "words"),
    [("AWS::EC2::VPCEndpoint", "EC2 VPC endpoint"), ("AWS::Budgets::Budget", "AWS budget")],
)
def test_a_types_capitals_are_kept_and_its_service_is_not_said_twice(
    type_name: str, words: str
) -> None:
    assert title(type_name) == words
