"""The cloud assembly: synthesized by the app, read by its manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def stack_names(assembly: Path) -> list[str]:
    """The names under which the assembly's stacks are deployed.

    Raises:
        RehearsalError: the folder is no cloud assembly, or has no stack.
    """
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise RehearsalError(
            f"{assembly}: no cloud assembly (it has no manifest.json); make one with `make synth`"
        )
    names = sorted(name for name, _ in _stacks(assembly))
    if not names:
        raise RehearsalError(f"{assembly}: the assembly has no stack")
    return names


def retained_buckets(assembly: Path) -> dict[str, set[str]]:
    """The logical ids of the buckets that a deleted stack leaves, by the stack's name."""
    return {
        name: {
            logical_id
            for logical_id, resource in _template(assembly, artifact)["Resources"].items()
            if resource["Type"] == "AWS::S3::Bucket" and resource["DeletionPolicy"] == "Retain"
        }
        for name, artifact in _stacks(assembly)
    }


def count_resources(assembly: Path) -> int:
    """How many resources the assembly's templates declare."""
    return sum(
        len(json.loads(template.read_text()).get("Resources", {}))
        for template in assembly.glob("*.template.json")
    )


def _stacks(assembly: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each stack's name and its artifact in the manifest."""
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    for id_, artifact in artifacts.items():
        if artifact["type"] == "aws:cloudformation:stack":
            yield artifact.get("properties", {}).get("stackName", id_), artifact


def _template(assembly: Path, artifact: Mapping[str, Any]) -> dict[str, Any]:
    path = assembly / artifact["properties"]["templateFile"]
    template: dict[str, Any] = json.loads(path.read_text())
    return template
