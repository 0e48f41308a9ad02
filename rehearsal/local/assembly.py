"""The cloud assembly: synthesized by the app, read by its manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
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
    artifacts = json.loads(manifest.read_text())["artifacts"]
    names = sorted(
        artifact.get("properties", {}).get("stackName", name)
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    )
    if not names:
        raise RehearsalError(f"{assembly}: the assembly has no stack")
    return names


def count_resources(assembly: Path) -> int:
    """How many resources the assembly's templates declare."""
    return sum(
        len(json.loads(template.read_text()).get("Resources", {}))
        for template in assembly.glob("*.template.json")
    )
