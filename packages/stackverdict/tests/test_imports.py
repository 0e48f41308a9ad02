"""Imports point one way, in no circle; the package names nothing it is only used beside."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(__file__).parents[1]
SOURCE = HOME / "src" / "stackverdict"
FACTS = {"intrinsics", "model"}
ALLOWED = {
    "anchors": set(),
    "errors": set(),
    "model": set(),
    "intrinsics": set(),
    "tables": set(),
    "resource_types": set(),
    "node": {"errors"},
    "findings": {"model"},
    "references": FACTS,
    "loading": {*FACTS, "errors"},
    "iam": {*FACTS, "references"},
    "flows": {*FACTS, "iam", "references", "resource_types"},
    "subject": {"flows", "iam", "model", "references"},
    "sections": {*FACTS, "flows", "iam", "references", "subject", "tables"},
    "rules": {*FACTS, "findings", "iam", "sections", "subject", "tables"},
    "engines": {*FACTS, "findings", "iam", "loading", "subject"},
    "gate": {"engines", "errors", "findings", "model"},
    "changes": {*FACTS, "node", "sections"},
    "picture": {"anchors", "errors", "flows", "model", "node", "resource_types", "subject"},
    "report": {"changes", "engines", "findings", "model", "picture", "sections", "subject"},
    "render": {
        *("anchors", "changes", "findings", "iam", "model"),
        *("report", "resource_types", "rules", "tables"),
    },
    "output": {"errors", "render", "report"},
    "assess": {
        *("changes", "engines", "findings", "gate", "loading", "model", "node"),
        *("picture", "report", "rules", "sections", "subject"),
    },
    "cli": {"assess", "errors", "gate", "node", "output", "picture"},
    "__init__": {"assess", "errors", "findings", "gate", "output", "report"},
    "__main__": {"cli"},
}
"""Which module or sub-package imports which others, from the bottom up."""


def modules() -> dict[str, Path]:
    """The package's modules by name."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCE.rglob("*.py")
    }


def imported(path: Path) -> Iterator[str]:
    """The modules of the package that a module imports, also for its types alone."""
    known = modules()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stackverdict"):
            module = (node.module or "").removeprefix("stackverdict").removeprefix(".")
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix(".")
                yield inner if inner in known else module
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            assert not any(name.startswith("stackverdict") for name in names), path


def unit(module: str) -> str:
    return module.partition(".")[0]


def test_every_module_has_its_place_among_the_rules() -> None:
    assert {unit(module) for module in modules()} == set(ALLOWED)


@pytest.mark.parametrize("name", ALLOWED)
def test_a_part_imports_only_what_stands_below_it(name: str) -> None:
    paths = [path for module, path in modules().items() if unit(module) == name]
    used = {unit(module) for path in paths for module in imported(path)} - {name}

    assert paths
    assert used == ALLOWED[name]


def test_no_two_parts_need_each_other() -> None:
    order = list(ALLOWED)
    upward = [
        (name, used)
        for name in order
        for used in ALLOWED[name]
        if order.index(used) >= order.index(name)
    ]

    assert len(order) > 20
    assert upward == []


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {module: set(imported(path)) - {module} for module, path in modules().items()}

    order = list(TopologicalSorter(graph).static_order())

    assert len(order) == len(graph) > 30
    assert order[-1] in {"__init__", "__main__", "cli"}


def test_nothing_else_of_this_repository_is_imported_or_named() -> None:
    files = [
        path
        for path in HOME.rglob("*")
        if path.suffix in {".py", ".mjs", ".md", ".toml", ".json", ".j2", ".css", ".js", ".yaml"}
        and path != Path(__file__)
        and not {".mypy_cache", "node_modules"} & set(path.parts)
    ]
    strangers = re.compile("capstone|understudy|emulator|rehears", re.IGNORECASE)

    assert len(files) > 60
    assert [path for path in files if strangers.search(path.read_text(encoding="utf-8"))] == []


def test_an_import_is_quick_for_it_leaves_the_engines_alone() -> None:
    heavy = {"cfnlint", "cloudformation_validate", "parliament"}
    for path in modules().values():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0]
            for node in tree.body
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        assert not names & heavy, path
    assert len(modules()) > 30


def test_a_variable_says_its_role() -> None:
    silent = {"said", "told", "one", "here", "it", "found", "done", "given", "seen", "each"}
    paths = [*modules().values(), *Path(__file__).parent.glob("*.py")]
    names = {
        (path.name, node.id if isinstance(node, ast.Name) else node.arg)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }

    assert len(names) > 500
    assert [name for name in names if name[1] in silent] == []


def vacuous(test: ast.FunctionDef) -> bool:
    """Whether every assertion of a test is one that holds of nothing at all."""

    def asserts(nodes: list[ast.stmt], *, looped: bool) -> Iterator[bool]:
        for node in nodes:
            if isinstance(node, ast.Assert):
                text = ast.unparse(node.test)
                empty = text.startswith(("all(", "not ")) or "<=" in text
                yield not (looped or empty)
            if isinstance(node, ast.With):
                yield any("raises" in ast.unparse(item) for item in node.items)
            if not isinstance(node, ast.FunctionDef):
                for part in ("body", "orelse", "finalbody"):
                    inner = getattr(node, part, [])
                    yield from asserts(inner, looped=looped or isinstance(node, ast.For))

    return not any(asserts(test.body, looped=False))


VACUOUS = """
def test_loop():
    for item in items:
        assert item == 1
def test_all():
    assert all(items)
def test_subset():
    assert items <= known
"""


def test_what_a_vacuous_test_is() -> None:
    tests = [node for node in ast.parse(VACUOUS).body if isinstance(node, ast.FunctionDef)]
    assert [vacuous(test) for test in tests] == [True, True, True]


def test_no_test_holds_of_nothing() -> None:
    tests = {
        f"{path.name}::{node.name}": vacuous(node)
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert len(tests) > 100
    assert [name for name, empty in tests.items() if empty] == []
