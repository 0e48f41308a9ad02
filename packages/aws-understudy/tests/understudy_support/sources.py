"""The package's modules, and what each imports."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(__file__).parents[2]
PACKAGE = "aws_understudy"
SOURCE = HOME / "src" / PACKAGE


@functools.cache
def modules() -> dict[str, Path]:
    """The package's modules by name."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCE.rglob("*.py")
    }


@functools.cache
def names_in(path: Path) -> tuple[str, ...]:
    """The full names of what a module imports, also for its types alone."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


def imported(path: Path) -> Iterator[str]:
    """The modules of the package that a module imports."""
    known = modules()
    for name in names_in(path):
        inner = name.removeprefix(f"{PACKAGE}.")
        if inner != name:
            yield inner if inner in known else inner.rpartition(".")[0] or inner


def import_graph() -> dict[str, set[str]]:
    """Each module to the others that it imports."""
    return {
        module: {name for name in imported(path) if name not in {module, PACKAGE}}
        for module, path in modules().items()
    }
