"""Promises of what the journey knows of the platform: stacks, outputs, levels, exports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.errors import RehearsalError
from rehearsal.steps.platform import level_of
from rehearsal.targets.local.assembly import count_resources, stack_names
from rehearsal.targets.stack_outputs import StackOutputs

if TYPE_CHECKING:
    from pathlib import Path

STACKS = [
    ("capstone-dev-storage", "CREATE_COMPLETE", {"SourceBucketName": "source"}),
    ("capstone-dev-query", "ROLLBACK_COMPLETE", {"WorkGroupName": "half"}),
    ("capstone-prod-storage", "UPDATE_COMPLETE", {"SourceBucketName": "another"}),
]


class CloudFormation:
    """Answers DescribeStacks with a page for each stack."""

    def get_paginator(self, _operation: str) -> CloudFormation:
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [
            {
                "Stacks": [
                    {
                        "StackName": name,
                        "StackStatus": status,
                        "Outputs": [
                            {"OutputKey": key, "OutputValue": value}
                            for key, value in outputs.items()
                        ],
                    }
                ]
            }
            for name, status, outputs in STACKS
        ]


@pytest.fixture
def outputs() -> StackOutputs:
    return StackOutputs(cloudformation=CloudFormation(), platform="capstone-dev")


def test_an_output_is_that_of_the_platforms_own_stack(outputs: StackOutputs) -> None:
    assert outputs.get("storage", "SourceBucketName") == "source"
    assert outputs.names == ["capstone-dev-storage"]


def test_a_stack_that_is_not_complete_is_not_there(outputs: StackOutputs) -> None:
    with pytest.raises(RehearsalError, match="capstone-dev-query is not deployed; there are"):
        outputs.get("query", "WorkGroupName")


def test_an_output_that_is_missing_is_named_with_those_that_are_there(
    outputs: StackOutputs,
) -> None:
    with pytest.raises(RehearsalError, match="no output Name; it has: SourceBucketName"):
        outputs.get("storage", "Name")


def test_an_assembly_tells_the_names_under_which_its_stacks_are_deployed(tmp_path: Path) -> None:
    stack = {"type": "aws:cloudformation:stack", "properties": {"stackName": "capstone-dev-query"}}
    artifacts = {"Query": stack, "Tree": {"type": "cdk:tree"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    (tmp_path / "Query.template.json").write_text(json.dumps({"Resources": {"A": {}, "B": {}}}))
    assert stack_names(tmp_path) == ["capstone-dev-query"]
    assert count_resources(tmp_path) == 2


def test_a_folder_that_is_no_assembly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match=r"no manifest\.json\); make one with `make synth`"):
        stack_names(tmp_path)


def test_an_assembly_without_stacks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"artifacts": {}}')
    with pytest.raises(RehearsalError, match="the assembly has no stack"):
        stack_names(tmp_path)


def test_a_level_is_the_types_own_before_that_of_a_pattern() -> None:
    levels = {"Custom::*": "real", "Custom::Strange": "record only"}
    assert level_of("Custom::Strange", levels) == "record only"
    assert level_of("Custom::Other", levels) == "real"
    assert level_of("AWS::S3::Bucket", levels) is None
