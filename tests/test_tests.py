"""A test can fail: it asserts something whatever the project's files and data hold.

A test whose every assertion stands in a loop proves nothing when the loop has nothing to run over.
It must also assert that there is something, or loop over a display such as ``("a", "b")``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = tuple(sorted(ROOT.glob("packages/*/tests")))
"""Where the packages' tests lie."""
RAISING = {"raises", "warns", "fail"}


def files_of_tests() -> list[Path]:
    return [path for folder in (ROOT / "tests", *FOLDERS) for path in sorted(folder.rglob("*.py"))]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def asserts(node: ast.AST, helpers: frozenset[str] = frozenset()) -> bool:
    """Whether a statement or one inside it surely asserts something when it runs."""
    match node:
        case ast.Assert(test=test):
            # Of nothing, all is true.
            return not (isinstance(test, ast.Call) and ast.unparse(test.func) == "all")
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            sure = name in RAISING or name in helpers
        case ast.For(iter=ast.Tuple(elts=[_, *_]) | ast.List(elts=[_, *_])):
            sure = any(asserts(statement, helpers) for statement in node.body)
        case ast.For(iter=iterated):
            return asserts(iterated, helpers)  # it may be a reader that refuses to find nothing
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return asserts(node.generators[0].iter, helpers)
        case ast.While() | ast.FunctionDef() | ast.Lambda():
            return False
        case _:
            sure = False
    return sure or any(asserts(child, helpers) for child in ast.iter_child_nodes(node))


def asserting(tree: ast.Module) -> frozenset[str]:
    """The functions of a module that surely assert something."""
    return frozenset(
        function.name
        for function in functions(tree)
        if any(asserts(statement) for statement in function.body)
    )


def imported_helpers(tree: ast.Module) -> frozenset[str]:
    """The functions of other modules of the tests that a module imports, and that assert."""
    modules = {
        alias.name: ROOT.joinpath(*node.module.split(".")).with_suffix(".py")
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tests.")
        for alias in node.names
    }
    return frozenset(
        name
        for name, path in modules.items()
        if name in asserting(ast.parse(path.read_text(encoding="utf-8")))
    )


def vacuous(source: str) -> list[str]:
    """The tests of a module that may pass without having asserted anything."""
    tree = ast.parse(source)
    helpers = asserting(tree) | imported_helpers(tree)
    return [
        function.name
        for function in functions(tree)
        if function.name.startswith("test_")
        and not any(asserts(statement, helpers) for statement in function.body)
    ]


def test_a_test_without_a_sure_assertion_is_found() -> None:
    source = """
def helper(x): assert x
def test_nothing(): pass
def test_loop():
    for x in found(): assert x
def test_all(): assert all(x for x in found())
def test_loop_and_more():
    assert found()
    for x in found(): assert x
def test_display():
    for x in ("a", "b"): assert x
def test_raises():
    with pytest.raises(ValueError): found()
def test_helper(): helper(1)
def test_loop_over_a_helper():
    for x in helper(1): assert x
"""
    assert vacuous(source) == ["test_nothing", "test_loop", "test_all"]


def test_every_test_asserts_something_whatever_it_finds() -> None:
    files = files_of_tests()
    assert files

    vacuous_tests = {
        f"{path.relative_to(ROOT)}::{name}"
        for path in files
        for name in vacuous(path.read_text(encoding="utf-8"))
    }

    assert not vacuous_tests
