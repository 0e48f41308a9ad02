"""A comparison says what is replaced, what is lost, and who may do more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from stackverdict.changes.compare import Changes, compare
from stackverdict.loading.assembly import load_assembly
from stackverdict.node import Node
from stackverdict.sections.all import sections_of
from stackverdict.subject import Subject

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import WriteAssembly

Compare = Callable[..., Changes]
TABLE = "AWS::DynamoDB::Table"


def table(key: str, **more: str) -> dict[str, Any]:
    keys = [{"AttributeName": key, "KeyType": "HASH"}]
    return {"Type": TABLE, "Properties": {"KeySchema": keys}, **more}


@pytest.fixture
def changes(cloud_assembly: WriteAssembly, node: Node) -> Compare:
    def run(before: dict[str, Any], after: dict[str, Any], node: Node = node) -> Changes:
        folders = [
            cloud_assembly({"App": ({"Resources": body}, {})}, folder=name)
            for name, body in (("base", before), ("head", after))
        ]
        base, head = (Subject(load_assembly(folder), {}) for folder in folders)
        before_sections, after_sections = sections_of(base), sections_of(head)
        return compare(base.assembly, head.assembly, before_sections, after_sections, node)

    return run


def test_nothing_changed_is_said_as_nothing(changes: Compare) -> None:
    comparison = changes({"One": table("id")}, {"One": table("id")})
    assert (comparison.resources, comparison.rights_added, comparison.missing) == ((), (), "")


def test_a_replacement_names_the_property_that_forces_it_and_what_is_lost(
    changes: Compare,
) -> None:
    (change,) = changes({"One": table("id")}, {"One": table("other")}).resources
    assert (change.action, change.because, change.data) == ("replaced", ("KeySchema",), "lost")


def test_a_replacement_that_retains_the_old_keeps_the_data(changes: Compare) -> None:
    kept = {"UpdateReplacePolicy": "Retain"}
    (change,) = changes({"One": table("id", **kept)}, {"One": table("other", **kept)}).resources
    assert (change.action, change.data) == ("replaced", "kept")


def test_the_policy_that_counts_is_the_one_that_is_deployed_now(changes: Compare) -> None:
    after = {"One": table("other", UpdateReplacePolicy="Retain")}
    (change,) = changes({"One": table("id")}, after).resources
    assert change.data == "lost"


def test_a_removed_store_is_lost(changes: Compare) -> None:
    topic = {"T": {"Type": "AWS::SNS::Topic"}}
    (change,) = changes({"One": table("id"), **topic}, topic).losing
    assert (change.action, change.data) == ("removed", "lost")


def test_a_removed_resource_that_holds_nothing_loses_nothing(changes: Compare) -> None:
    topic = {"T": {"Type": "AWS::SNS::Topic"}}
    (change,) = changes({"One": table("id"), **topic}, {"One": table("id")}).resources
    assert (change.action, change.data) == ("removed", "")


def test_a_new_asset_alone_is_told_apart(changes: Compare) -> None:
    def function(digest: str) -> dict[str, Any]:
        code = {"S3Bucket": "assets", "S3Key": f"{digest * 64}.zip"}
        return {"Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Code": code}}}

    (change,) = changes(function("a"), function("b")).resources
    assert (change.action, change.minor) == ("updated", True)


def test_a_changed_value_is_narrowed_down_to_what_differs(changes: Compare) -> None:
    def topic(value: str, depth: int) -> dict[str, Any]:
        tags = [{"Key": "owner", "Value": value}, {"Key": "project", "Value": "fish"}]
        more = {"DeliveryPolicy": {"http": {"depth": depth, "same": 1}}}
        return {"T": {"Type": "AWS::SNS::Topic", "Properties": {"Tags": tags, **more}}}

    (change,) = changes(topic("me", 1), topic("you", 2)).resources
    assert {(place, old, new) for place, old, new, _ in change.properties} == {
        ("Tags/owner", "me", "you"),
        ("DeliveryPolicy/http/depth", "1", "2"),
    }
    assert not change.minor


def test_a_new_asset_is_not_a_new_right(changes: Compare) -> None:
    def role(digest: str) -> dict[str, Any]:
        key = f"arn:aws:s3:::assets/{digest * 64}.zip"
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": key}
        policy = {"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}
        return {"Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}}}

    comparison = changes(role("a"), role("b"))
    assert (comparison.rights_added, comparison.rights_removed) == ((), ())
    assert [change.minor for change in comparison.resources] == [True]


def test_a_new_right_and_a_new_exposure_are_told(changes: Compare) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
    topic = {"Topic": {"Type": "AWS::SNS::Topic"}}
    policy = {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": "Topic"}],
            "PolicyDocument": {"Statement": [statement]},
        },
    }
    comparison = changes(topic, {**topic, "Policy": policy})
    assert comparison.rights_added == ("App/Topic (resource): Allow sns:Publish on * for *",)
    assert comparison.exposed == ("App/Topic: a policy lets anyone do sns:Publish",)


def test_a_denial_that_goes_is_a_right_that_comes(changes: Compare) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
    topic = {"Topic": {"Type": "AWS::SNS::Topic"}}
    policy = {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Statement": [deny]}},
    }
    comparison = changes({**topic, "Policy": policy}, topic)
    assert comparison.rights_removed == ()
    assert comparison.rights_added == (
        "no longer denied: App/Topic (resource): Deny sns:Publish on * for *",
    )


def test_a_new_idle_cost_is_told(changes: Compare) -> None:
    topic = {"T": {"Type": "AWS::SNS::Topic"}}
    comparison = changes(topic, {**topic, "Nat": {"Type": "AWS::EC2::NatGateway"}})
    assert comparison.cost_lines == ("App/Nat: nothing becomes $32.85 a month",)


def test_without_its_package_the_comparison_says_so_and_compares_the_rest(
    changes: Compare, tmp_path: Path
) -> None:
    after = {"One": table("other"), "Nat": {"Type": "AWS::EC2::NatGateway"}}
    comparison = changes({"One": table("id")}, after, Node(tmp_path))
    assert comparison.resources == ()
    assert "run `stackverdict setup`" in comparison.missing
    assert comparison.cost_lines == ("App/Nat: nothing becomes $32.85 a month",)
