"""The change: what the CDK CLI says of an assembly and of what is deployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from delivery import change
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1, "QueueName": "größe"}}
TOPIC = {"Type": "AWS::SNS::Topic"}


class Deployed:
    """Stands for the account: templates by the name of their stack."""

    def __init__(self, **templates: str) -> None:
        self._templates = templates

    def template(self, stack: str) -> str:
        return self._templates.get(stack, "{}")


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """Two stacks, the second deployed under another name than its own."""
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    artifacts = {}
    for id_, resource, name in (("First", QUEUE, {}), ("Second", TOPIC, {"stackName": "other"})):
        template = {"Resources": {id_: resource}}
        (folder / f"{id_}.json").write_text(json.dumps(template))
        artifacts[id_] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/us-east-1",
            "properties": {"templateFile": f"{id_}.json", **name},
        }
    manifest = {
        "version": "36.0.0",
        "artifacts": {**artifacts, "Assets": {"type": "cdk:feature-flag-report"}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def difference(assembly: Path, deployed: Deployed) -> str:
    return change.difference(assembly, deployed=deployed, folder=assembly.parent / "deployed")


@pytest.mark.slow
def test_what_is_new_and_what_is_the_same_is_said_stack_by_stack(assembly: Path) -> None:
    text = difference(assembly, Deployed(other=(assembly / "Second.json").read_text()))

    assert text.startswith("Stack First\nResources\n[+] AWS::SQS::Queue First\n")
    assert text.endswith("\n\nStack Second (other)\nThere were no differences\n")


@pytest.mark.slow
def test_a_change_is_said_even_if_it_is_one_of_letters_beyond_ascii(assembly: Path) -> None:
    before = json.dumps({"Resources": {"First": QUEUE}}, ensure_ascii=False)

    text = difference(assembly, Deployed(First=before.replace("größe", "gr??e"), other="{}"))

    assert "gr??e" in text
    assert "größe" in text


def test_a_comparison_that_breaks_off_is_not_taken_for_no_difference(
    assembly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "_cdk", lambda *_arguments, **_options: "Stack First\n")

    with pytest.raises(DeliveryError, match="cdk diff of First did not come to its end"):
        difference(assembly, Deployed())


def test_words_of_a_template_are_not_taken_for_the_end(
    assembly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = "\n✨  Number of stacks with differences: "
    monkeypatch.setattr(change, "_cdk", lambda *_arguments, **_options: f"A{last}0\nB{last}1\n\n")

    text = difference(assembly, Deployed())

    assert text == f"A{last}0\nB\n\nA{last}0\nB\n"


@pytest.mark.slow
def test_a_template_that_the_cli_cannot_read_is_refused(assembly: Path) -> None:
    with pytest.raises(DeliveryError, match="cdk diff failed with exit code 1"):
        difference(assembly, Deployed(First="{ not: [yaml"))


def test_a_folder_that_is_no_assembly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"no manifest\.json; make one with `make gate`"):
        difference(tmp_path, Deployed())
