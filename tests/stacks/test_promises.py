"""What the platform promises, each asserted on the templates of every shipped environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import assembly_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def resources(assembly: Path, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in assembly.glob("*.template.json"):
        for id_, resource in json.loads(path.read_text(encoding="utf-8"))["Resources"].items():
            if not types or resource["Type"] in types:
                yield f"{path.name}:{id_}", resource


def statements(assembly: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in resources(assembly):
        properties = resource.get("Properties", {})
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [properties[key] for key in ("PolicyDocument",) if key in properties]
        for document in documents:
            for statement in document["Statement"]:
                yield name, statement


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_bucket_is_private_encrypted_and_owned(assembly: Path) -> None:
    for name, bucket in resources(assembly, "AWS::S3::Bucket"):
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
        assert properties["OwnershipControls"]["Rules"] == [
            {"ObjectOwnership": "BucketOwnerEnforced"}
        ], name


def test_every_bucket_refuses_plain_http_and_old_tls(assembly: Path) -> None:
    buckets = [name for name, _ in resources(assembly, "AWS::S3::Bucket")]
    denials = [
        statement["Condition"]
        for _, policy in resources(assembly, "AWS::S3::BucketPolicy")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Principal"] == {"AWS": "*"}
    ]
    assert denials.count({"Bool": {"aws:SecureTransport": "false"}}) == len(buckets)
    assert denials.count({"NumericLessThan": {"s3:TlsVersion": 1.2}}) == len(buckets)


def test_no_statement_allows_a_wildcard_action(assembly: Path) -> None:
    allowed_prefixes = ("s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*")
    for name, statement in statements(assembly):
        if statement["Effect"] != "Allow" or statement.get("Principal"):
            continue
        for action in as_list(statement["Action"]):
            assert "*" not in action or action in allowed_prefixes, (name, action)


def test_a_role_is_passed_to_one_named_service_only(assembly: Path) -> None:
    passed = [s for _, s in statements(assembly) if "iam:PassRole" in as_list(s["Action"])]

    assert passed
    for statement in passed:
        assert statement["Condition"]["StringEquals"]["iam:PassedToService"]
        assert statement["Resource"] != "*"


@pytest.mark.parametrize("service", ["glue", "sagemaker", "quicksight"])
def test_a_service_assumes_a_role_for_this_account_only(assembly: Path, service: str) -> None:
    trusts = [
        statement
        for _, role in resources(assembly, "AWS::IAM::Role")
        for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
    ]

    assert trusts
    for trust in trusts:
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        }


def test_the_crawler_reads_one_folder_and_cannot_write_objects(assembly: Path) -> None:
    (_, role), *others = [
        (name, role)
        for name, role in resources(assembly, "AWS::IAM::Role")
        if "CapstoneGlueRole" in name
    ]
    assert not others
    actions = {
        action
        for policy in role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }

    assert {a for a in actions if a.startswith("s3:")} == {
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
    }
    assert "ManagedPolicyArns" not in role["Properties"]


def test_the_workgroup_is_enforced_and_has_a_limit(assembly: Path) -> None:
    ((_, workgroup),) = resources(assembly, "AWS::Athena::WorkGroup")
    configuration = workgroup["Properties"]["WorkGroupConfiguration"]

    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["BytesScannedCutoffPerQuery"] >= 10_000_000
    assert configuration["ResultConfiguration"]["EncryptionConfiguration"]


def test_every_log_group_has_a_retention(assembly: Path) -> None:
    for name, group in resources(assembly, "AWS::Logs::LogGroup", "Custom::ServiceLogRetention"):
        assert group["Properties"]["RetentionInDays"], name


def test_nothing_that_costs_money_while_idle_is_in_the_network(assembly: Path) -> None:
    types = {resource["Type"] for _, resource in resources(assembly)}

    assert not types & {"AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::Instance"}
    endpoints = [r["Properties"] for _, r in resources(assembly, "AWS::EC2::VPCEndpoint")]
    assert [endpoint["VpcEndpointType"] for endpoint in endpoints] == ["Gateway"]


def test_cloudformation_owns_no_endpoint(assembly: Path) -> None:
    types = {resource["Type"] for _, resource in resources(assembly)}

    assert not types & {"AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig"}


def test_templates_need_no_weak_references(assembly: Path) -> None:
    for path in assembly.glob("*.template.json"):
        assert "Fn::GetStackOutput" not in path.read_text(encoding="utf-8"), path.name


def test_kept_data_survives_its_stack() -> None:
    manifest = json.loads((assembly_of("prod") / "manifest.json").read_text(encoding="utf-8"))
    for name, resource in resources(
        assembly_of("prod"), "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Glue::Database"
    ):
        assert resource["DeletionPolicy"] == "Retain", name
        assert resource["UpdateReplacePolicy"] == "Retain", name
    stacks = [a for a in manifest["artifacts"].values() if a["type"] == "aws:cloudformation:stack"]
    assert stacks
    assert all(stack["properties"]["terminationProtection"] for stack in stacks)


def test_disposable_data_goes_but_source_data_needs_a_second_key() -> None:
    def policies(config: str) -> dict[str, str]:
        return {
            name.partition(":")[2]: bucket["DeletionPolicy"]
            for name, bucket in resources(assembly_of(config), "AWS::S3::Bucket")
        }

    assert policies("dev") == {
        "SourceBucketDDD2130A": "Retain",
        "ResultsBucketA95A2103": "Delete",
        "ModelBucketB33D855B": "Delete",
    }
    assert set(policies("academy").values()) == {"Delete"}


def test_the_lab_has_its_own_names() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in assembly_of("academy").glob("*.template.json")
    )
    for name in (
        '"fishdb"',
        '"fishcrawler"',
        '"CapstoneGlueRole"',
        '"aws-quicksight-service-role-v0"',
        '"CapstoneIDE"',
        '"data-source-',
        '"query-results-',
    ):
        assert name in text, name


def test_an_event_that_the_deployer_fails_on_is_kept_and_tells_somebody(assembly: Path) -> None:
    queues = [name.rpartition(":")[2] for name, _ in resources(assembly, "AWS::SQS::Queue")]
    kept = [
        function["Properties"]["DeadLetterConfig"]["TargetArn"]["Fn::GetAtt"][0]
        for _, function in resources(assembly, "AWS::Lambda::Function")
        if "DeadLetterConfig" in function["Properties"]
    ]
    sending = [s["Resource"] for _, s in statements(assembly) if s["Action"] == "sqs:SendMessage"]
    alarms = [
        alarm["Properties"]
        for _, alarm in resources(assembly, "AWS::CloudWatch::Alarm")
        if alarm["Properties"]["Namespace"] == "AWS/SQS"
    ]

    assert kept == queues
    assert {"Fn::GetAtt": [queues[0], "Arn"]} in sending
    assert all(alarm["AlarmActions"] for alarm in alarms)
    assert alarms


def test_an_analyst_may_make_the_views_and_no_other_table(assembly: Path) -> None:
    (making,) = [s for _, s in statements(assembly) if s.get("Sid") == "MakeViews"]
    tables = [arn["Fn::Join"][1][-1] for arn in making["Resource"] if ":table/" in json.dumps(arn)]

    assert {table.rpartition("/")[2] for table in tables} == {
        "challenge",
        "mackerels_catch",
        "mackerels_catch_as_in_the_lab",
        "mackerels_top_six",
    }
