"""What is read from files, and how a broken file is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stackverdict.errors import InputError
from stackverdict.loading.assembly import load_assembly

if TYPE_CHECKING:
    from stackverdict.model import Assembly, Resource
    from tests.conftest import Write, WriteAssembly

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def everything() -> Assembly:
    return load_assembly(TEMPLATES / "everything.yaml")


def resource(assembly: Assembly, logical_id: str) -> Resource:
    return assembly.stacks[0].resources[logical_id]


def refused(tmp_path: Path, text: str, name: str = "bad.yaml") -> InputError:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_assembly(path)
    return caught.value


def test_short_form_intrinsics_are_read_as_their_long_forms(everything: Assembly) -> None:
    statement = resource(everything, "Policy").properties["PolicyDocument"]["Statement"][1]
    assert statement["Resource"] == {
        "Fn::Sub": ["${B}/*", {"B": {"Fn::GetAtt": ["Bucket", "Arn"]}}]
    }


def test_a_date_stays_text(everything: Assembly) -> None:
    assert everything.stacks[0].template["AWSTemplateFormatVersion"] == "2010-09-09"


def test_a_loop_over_a_list_parameter_is_unrolled(everything: Assembly) -> None:
    assert resource(everything, "Topicred").properties == {"TopicName": {"Fn::Sub": "t-red"}}
    assert "Topicgreen" in everything.stacks[0].resources


def test_a_loop_over_a_value_of_deployment_time_is_told(tmp_path: Path) -> None:
    loop = {"Fn::ForEach::L": ["X", {"Fn::Split": [",", "a"]}, {"T${X}": {"Type": "A::B::C"}}]}
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"Resources": {"R": {"Type": "A::B::C"}, **loop}}))
    assembly = load_assembly(path)
    assert list(assembly.stacks[0].resources) == ["R"]
    assert "Fn::ForEach::L loops over a value known only at deployment" in assembly.notes[0]


def test_a_transform_that_is_not_seen_through_is_told(everything: Assembly) -> None:
    assert any("AWS::Serverless-2016-10-31" in note for note in everything.notes)
    assert not any("LanguageExtensions" in note for note in everything.notes)


def test_a_condition_is_kept_with_its_resource(everything: Assembly) -> None:
    assert resource(everything, "Bucket").condition == "IsProd"


def test_the_line_of_a_resource_is_known_in_yaml(everything: Assembly) -> None:
    lines = (TEMPLATES / "everything.yaml").read_text().splitlines()
    assert lines[resource(everything, "Policy").line - 1].strip() == "Policy:"


def test_the_line_of_a_resource_is_known_in_json(template: Write) -> None:
    subject = template(
        First={"Type": "AWS::SNS::Topic", "Properties": {"Resources": {"Second": {"Type": "x"}}}},
        Second={"Type": "AWS::SNS::Topic"},
    )
    lines = (subject.assembly.root / "stack.json").read_text().splitlines()
    second = resource(subject.assembly, "Second")
    assert lines[second.line - 1] == '  "Second": {'


def test_construct_path_and_line_of_code_come_from_the_manifest(
    cloud_assembly: WriteAssembly,
) -> None:
    metadata = {
        "/App/Data/Resource": [
            {"type": "aws:cdk:logicalId", "data": "Data1"},
            {
                "type": "aws:cdk:creationStack",
                "data": [
                    "at new Bucket (/x/node_modules/aws-cdk-lib/b.js:1:2)",
                    "at Object.<anonymous> (/home/me/app/stack.ts:12:5)",
                ],
            },
        ]
    }
    body = {"Resources": {"Data1": {"Type": "AWS::S3::Bucket"}}}
    assembly = load_assembly(cloud_assembly({"App": (body, metadata)}))
    data = resource(assembly, "Data1")
    assert (data.path, data.code) == ("App/Data/Resource", "/home/me/app/stack.ts:12")
    assert data.name == "Data"


def test_an_assembly_without_a_validation_report_says_so(cloud_assembly: WriteAssembly) -> None:
    body = {"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}
    assembly = load_assembly(cloud_assembly({"App": (body, {})}))
    assert any("validation-report.json is absent" in note for note in assembly.notes)


def test_stacks_of_a_stage_are_read(cloud_assembly: WriteAssembly) -> None:
    body = {"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}
    root = cloud_assembly({"Inner": (body, {})}, folder="cdk.out/assembly-Prod").parent
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    (root / "manifest.json").write_text(json.dumps({"artifacts": {"assembly-Prod": stage}}))
    (stack,) = load_assembly(root).stacks
    assert (stack.name, stack.file) == ("Inner", "assembly-Prod/Inner.template.json")


def test_a_nested_stack_is_read_with_its_parent(cloud_assembly: WriteAssembly) -> None:
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "u"},
        "Metadata": {"aws:asset:path": "child.nested.template.json"},
    }
    root = cloud_assembly({"App": ({"Resources": {"Child": nested}}, {})})
    child = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    (root / "child.nested.template.json").write_text(json.dumps(child))
    _, read = load_assembly(root).stacks
    assert (read.name, read.parent, list(read.resources)) == ("App/Child", "App", ["Queue"])


def test_a_folder_of_templates_is_read_and_other_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("Resources: {A: {Type: 'AWS::SNS::Topic'}}")
    (tmp_path / "settings.json").write_text('{"colour": "red"}')
    assembly = load_assembly(tmp_path)
    assert [stack.name for stack in assembly.stacks] == ["one"]
    assert assembly.notes == ("settings.json: no CloudFormation template; not read",)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("Resources: [1", "", "did not find expected"),
        ('{"Resources": {"A": {"Type": 3}}}', "Resources/A, line 1", "needs a Type"),
        ("", "", "a template is a mapping"),
        ("[]", "", "a template is a mapping"),
        ("A: 1", "Resources", "is missing"),
        ("Resources: {A: {Type: T}, A: {Type: T}}", "line 1, column 27", "written twice"),
        ("Resources: {A: {Type: T, Properties: 3}}", "Resources/A, line 1", "must be a mapping"),
        ("a: &x {b: *x}", "", "recursive"),
    ],
)
def test_a_broken_template_is_refused_with_its_place_and_the_reason(
    tmp_path: Path, text: str, place: str, reason: str
) -> None:
    error = refused(tmp_path, text)
    assert error.file.endswith("bad.yaml")
    assert place in error.place
    assert reason in error.reason


def test_an_endless_nesting_is_refused(tmp_path: Path) -> None:
    deep = '{"Resources": ' * 200 + "1" + "}" * 200
    assert "nests deeper" in refused(tmp_path, deep, "deep.json").reason


def test_a_missing_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="synthesize first"):
        load_assembly(tmp_path / "nowhere")


def test_a_folder_without_a_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no CloudFormation template"):
        load_assembly(tmp_path)


def test_a_manifest_that_is_no_json_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{\n oops")
    with pytest.raises(InputError, match=r"manifest\.json, line 2, column 2"):
        load_assembly(tmp_path)


STACK = "aws:cloudformation:stack"


@pytest.mark.parametrize(
    ("artifacts", "place"),
    [
        ([], "artifacts"),
        ({"A": 3}, "artifacts/A"),
        ({"A": {"type": STACK, "properties": 3}}, "artifacts/A/properties"),
        ({"A": {"type": STACK}}, "artifacts/A/templateFile"),
        ({"A": {"type": STACK, "properties": {"templateFile": "/etc/hostname"}}}, "templateFile"),
        ({"A": {"type": STACK, "properties": {"templateFile": "../x.json"}}}, "templateFile"),
        ({"A": {"type": STACK, "metadata": [1]}}, "artifacts/A/metadata"),
        ({"A": {"type": "cdk:cloud-assembly"}}, "artifacts/A/directoryName"),
        (
            {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}},
            "directoryName",
        ),
    ],
)
def test_a_manifest_of_another_shape_is_refused_with_its_place(
    tmp_path: Path, artifacts: object, place: str
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    with pytest.raises(InputError) as caught:
        load_assembly(tmp_path)
    assert caught.value.file.endswith("manifest.json")
    assert caught.value.place.endswith(place)


def test_a_nested_template_outside_of_the_assembly_is_not_read(
    cloud_assembly: WriteAssembly, tmp_path: Path
) -> None:
    (tmp_path / "outside.json").write_text('{"Resources": {}}')
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Metadata": {"aws:asset:path": "../outside.json"},
    }
    assembly = load_assembly(cloud_assembly({"App": ({"Resources": {"Child": nested}}, {})}))
    assert [stack.name for stack in assembly.stacks] == ["App"]
    assert "App/Child: the nested stack's template is fetched at deployment" in assembly.notes


CHILD = "Resources:\n  A: {Type: AWS::SNS::Topic}\n"


def nesting(url: str) -> str:
    return (
        "Resources:\n"
        f"  Child: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}\n"
    )


@pytest.mark.parametrize("source", [".", "a.yaml"])
def test_a_nested_stack_that_is_fetched_later_is_told(tmp_path: Path, source: str) -> None:
    (tmp_path / "a.yaml").write_text(nesting("https://s3.amazonaws.com/x/y.yaml"))

    assert load_assembly(tmp_path / source).notes == (
        "a/Child: the nested stack's template is fetched at deployment",
    )


def test_a_nested_stack_that_lies_beside_its_parent_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(nesting("./b.yaml"))
    (tmp_path / "b.yaml").write_text(CHILD)

    assembly = load_assembly(tmp_path)

    assert assembly.notes == ()
    assert [stack.name for stack in assembly.stacks] == ["a", "b"]


def test_a_module_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Resources:\n  M: {Type: Org::Thing::Kind::MODULE}\n")

    assert load_assembly(tmp_path).notes == (
        "a/M: what the module Org::Thing::Kind::MODULE holds is not seen here",
    )
