"""Names are followed across stacks, and shown as people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stackverdict.loading.assembly import load_assembly
from stackverdict.references import References

if TYPE_CHECKING:
    from tests.conftest import WriteAssembly


@pytest.fixture
def two_stacks(cloud_assembly: WriteAssembly) -> References:
    storage = {
        "Resources": {"Data71E": {"Type": "AWS::S3::Bucket"}},
        "Outputs": {
            "Out": {
                "Value": {"Fn::GetAtt": ["Data71E", "Arn"]},
                "Export": {"Name": "Storage:DataArn"},
            }
        },
    }
    metadata = {"/Storage/Data/Resource": [{"type": "aws:cdk:logicalId", "data": "Data71E"}]}
    user = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    return References(
        load_assembly(cloud_assembly({"Storage": (storage, metadata), "Use": (user, {})}))
    )


IMPORTED = {"Fn::Join": ["", [{"Fn::ImportValue": "Storage:DataArn"}, "/raw/*"]]}


def test_an_import_leads_to_the_resource_that_is_exported(two_stacks: References) -> None:
    assert [resource.key for resource in two_stacks.of(IMPORTED, "Use")] == ["Storage/Data71E"]


def test_an_import_is_shown_by_the_construct_it_leads_to(two_stacks: References) -> None:
    assert two_stacks.display(IMPORTED, "Use") == "${Storage/Data.Arn}/raw/*"


def test_a_stack_output_leads_to_the_resource(two_stacks: References) -> None:
    value = {"Fn::GetStackOutput": {"StackName": "Storage", "OutputName": "Out"}}
    assert [resource.key for resource in two_stacks.of(value, "Use")] == ["Storage/Data71E"]


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Data71E"},
        {"Fn::GetAtt": "Data71E.Arn"},
        {"Fn::Sub": "${Data71E}/x"},
        {"Fn::Sub": ["${Y}", {"Y": {"Ref": "Data71E"}}]},
        {"Fn::If": ["C", {"Ref": "AWS::NoValue"}, [{"Ref": "Data71E"}]]},
    ],
)
def test_every_way_to_name_a_resource_is_followed(two_stacks: References, value: object) -> None:
    assert [resource.logical_id for resource in two_stacks.of(value, "Storage")] == ["Data71E"]


def test_a_name_that_is_nobodys_leads_nowhere(two_stacks: References) -> None:
    assert two_stacks.of({"Ref": "Gone"}, "Storage") == []


def test_an_escaped_substitution_is_text(two_stacks: References) -> None:
    assert two_stacks.of({"Fn::Sub": "${!Data71E}"}, "Storage") == []
