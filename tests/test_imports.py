"""Dependencies point one way."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALLOWED = {
    "config": set(),
    "pipeline_defs": {"config"},
    "components": {"config", "pipeline_defs"},
    "stacks": {"config", "pipeline_defs", "components"},
    "delivery": {"config"},
    "emulator": set(),
    "rehearsal": {"config"},
    "review": set(),
    "lambdas": set(),
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("folder", ALLOWED)
def test_a_folder_imports_only_what_stands_below_it(folder: str) -> None:
    ours = set(ALLOWED) | {"app", "tests"}
    files = list((ROOT / folder).rglob("*.py"))
    assert files

    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name in ours - ALLOWED[folder] - {folder}
    }

    assert not wrong


def test_pipeline_steps_import_nothing_of_ours() -> None:
    for path in (ROOT / "pipeline_defs").glob("*/steps/*.py"):
        assert not set(imported(path)) & set(ALLOWED), path


def test_an_import_of_the_app_has_no_effect() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.If)

    assert all(isinstance(node, quiet) or ast.get_docstring(tree) for node in tree.body)
