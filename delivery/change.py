"""The change between account and assembly: the unmodified CDK CLI describes and makes it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAST_LINE = re.compile(r"\n✨ +Number of stacks with differences: \d+\s*\Z")
"""How the CLI ends; the same words anywhere else are a template's own."""


class Templates(Protocol):
    """Where templates are deployed."""

    def template(self, stack: str) -> str:
        """The template that a stack was deployed with; an empty one where there is no stack."""
        ...


def difference(assembly: Path, *, deployed: Templates, folder: Path) -> str:
    """What would change if the assembly were deployed: ``cdk diff`` of stack after stack.

    The CLI compares with the templates that we have read, so that it needs no credentials, and
    two runs on the same account say the same. It is strict: it leaves nothing out.

    Args:
        assembly: The cloud assembly.
        deployed: Where its stacks are, or are not yet.
        folder: Where the deployed templates are kept.

    Raises:
        DeliveryError: the account or the CLI refused; the message or the CLI has said why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = []
    for artifact, stack in stacks(assembly).items():
        template = folder / f"{artifact}.deployed.template"
        template.write_text(deployed.template(stack), encoding="utf-8")
        text = _cdk(
            ["diff", artifact, "--strict", "--ci", "--no-color", "--exclusively",
             f"--app={assembly}", f"--template={template}"],
            folder=folder, output=subprocess.PIPE,
        )  # fmt: skip
        if not LAST_LINE.search(text):
            raise DeliveryError(f"cdk diff of {stack} did not come to its end; it said: {text!r}")
        texts.append(LAST_LINE.sub("", text).strip())
    return "\n\n".join(texts) + "\n"


def deploy(assembly: Path, *, folder: Path) -> None:
    """Deploy every stack of the assembly without asking: a reviewer has approved it.

    Raises:
        DeliveryError: the CLI failed; it has said why.
    """
    arguments = ["deploy", "--all", "--require-approval=never", "--progress=events"]
    _cdk([*arguments, f"--app={assembly}"], folder=folder, output=None)


def stacks(assembly: Path) -> Mapping[str, str]:
    """The assembly's stacks: the name under which each is deployed, by its artifact.

    Raises:
        DeliveryError: the folder is no cloud assembly.
    """
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise DeliveryError(
            f"{assembly} is no cloud assembly: it has no manifest.json; make one with `make gate`"
        )
    return {
        id_: artifact.get("properties", {}).get("stackName", id_)
        for id_, artifact in json.loads(manifest.read_text(encoding="utf-8"))["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def _cdk(arguments: Sequence[str], *, folder: Path, output: int | None) -> str:
    programs = Path(sys.executable).parent
    done = subprocess.run(
        [programs / "cdk", "--no-notices", *arguments],
        # Neither cdk.json nor migrate.json lies there: the assembly is all that the CLI knows.
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "CDK_DISABLE_CLI_TELEMETRY": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=output,
        check=False,
        text=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise DeliveryError(f"cdk {arguments[0]} failed with exit code {done.returncode}")
    return done.stdout or ""
