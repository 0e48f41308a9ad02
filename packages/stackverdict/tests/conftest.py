"""Small assemblies, written by the tests themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stackverdict.engines import cfn_lint
from stackverdict.engines.result import Result
from stackverdict.loading.assembly import load_assembly
from stackverdict.node import VARIABLE, Node
from stackverdict.subject import Subject

Write = Callable[..., Subject]
WriteAssembly = Callable[..., Path]


@pytest.fixture(scope="session")
def node() -> Node:
    """Node.js with the packages that the environment names, or that lie above this folder."""
    if named := os.environ.get(VARIABLE):
        return Node(Path(named))
    for folder in Path(__file__).parents:
        if (folder / "node_modules" / "@hpcc-js" / "wasm-graphviz").is_dir():
            return Node(folder / "node_modules")
    pytest.skip(f"the packages of Node.js are absent: set {VARIABLE}")


@pytest.fixture
def without_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    """cfn-lint takes seconds to start, and most tests are not about its findings."""
    monkeypatch.setattr(cfn_lint, "run", lambda *_, **__: Result(engine="cfn-lint"))


@pytest.fixture
def template(tmp_path: Path) -> Write:
    """Write resources as a template and read them: `template(Data={"Type": ...})`."""

    def write(outputs: dict[str, Any] | None = None, **resources: dict[str, Any]) -> Subject:
        body = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
        (tmp_path / "stack.json").write_text(json.dumps(body, indent=1), encoding="utf-8")
        return Subject(load_assembly(tmp_path / "stack.json"), {})

    return write


@pytest.fixture
def cloud_assembly(tmp_path: Path) -> WriteAssembly:
    """Write a cloud assembly of some stacks: name -> (template, metadata); return its folder."""

    def write(
        stacks: dict[str, Any], *, report: dict[str, Any] | None = None, folder: str = "cdk.out"
    ) -> Path:
        root = tmp_path / folder
        root.mkdir(parents=True)
        artifacts = {}
        for name, (body, metadata) in stacks.items():
            (root / f"{name}.template.json").write_text(json.dumps(body, indent=1))
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": "aws://unknown-account/us-east-1",
                "properties": {"templateFile": f"{name}.template.json"},
                "metadata": metadata,
            }
        (root / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
        if report is not None:
            (root / "validation-report.json").write_text(json.dumps(report))
        return root

    return write
