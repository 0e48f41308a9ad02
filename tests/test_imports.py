"""Dependencies point one way, and an import does nothing."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FACE = ("aws_understudy.Understudy", "aws_understudy.UnderstudyError")
"""What the understudy offers to everybody."""
ALLOWED: dict[str, set[str]] = {
    "config": set(),
    "pipeline_defs": set(),
    "components": {"config", "pipeline_defs.sdk"},
    "stacks": {"config", "pipeline_defs.sdk", "components"},
    "app.py": {"config", "pipeline_defs", "components", "stacks"},
    "delivery": {"config"},
    "doctor": set(),
    "preflight": {"config", "pipeline_defs", "doctor.finding", "doctor.report"},
    "rehearsal": {"config", "pipeline_defs", *FACE},
    "scaffold": {"config", "rehearsal.data", "rehearsal.errors"},
    "lambdas": set(),
}
"""What stands below each folder: it may import these, and what lies in them."""
PIPELINES = sorted(path.parent for path in ROOT.glob("pipeline_defs/*/definition.py"))
PACKAGES = {path.name for path in ROOT.glob("packages/*/src/*")}
TUPLE = ROOT / "pipeline_defs" / "__init__.py"


def modules(*folders: str) -> list[Path]:
    paths = [ROOT / folder for folder in folders]
    return [
        file
        for path in paths
        for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))
    ]


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file: Path) -> Iterator[str]:
    """The full names of what a file imports; types count as well."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lies_in(name: str, room: str) -> bool:
    return f"{name}.".startswith(f"{room}.")


def ours(name: str) -> bool:
    package = name.partition(".")[0]
    return (ROOT / package).is_dir() or package == "app" or package in PACKAGES


@pytest.mark.parametrize("folder", ALLOWED)
def test_a_folder_imports_only_what_stands_below_it(folder: str) -> None:
    files = modules(folder)
    assert files

    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        if ours(name) and not any(lies_in(name, room) for room in {*ALLOWED[folder], folder})
    ]

    assert not wrong


def test_the_pipelines_sdk_knows_no_pipeline() -> None:
    files = modules("pipeline_defs/sdk")
    assert files

    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        if ours(name) and not lies_in(name, "pipeline_defs.sdk")
    ]

    assert not wrong


def test_a_pipeline_imports_the_sdk_and_itself_only() -> None:
    assert PIPELINES
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for folder in PIPELINES
        for file in modules(str(folder.relative_to(ROOT)))
        for name in imported(file)
        if ours(name)
        and not lies_in(name, "pipeline_defs.sdk")
        and not lies_in(name, f"pipeline_defs.{folder.name}")
    ]

    assert not wrong


def test_nobody_imports_a_pipeline_but_the_tuple_that_lists_them() -> None:
    outside = [
        file
        for file in modules(*ALLOWED)
        if file != TUPLE and not any(file.is_relative_to(folder) for folder in PIPELINES)
    ]
    assert outside

    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in outside
        for name in imported(file)
        if any(lies_in(name, f"pipeline_defs.{folder.name}") for folder in PIPELINES)
    ]

    assert not wrong


def test_a_component_takes_the_values_that_it_needs_and_never_all_settings() -> None:
    files = modules("components")
    assert files

    assert not [
        str(file.relative_to(ROOT))
        for file in files
        for name in imported(file)
        if name.startswith(("config.Settings", "config.settings"))
    ]


def test_a_pipelines_steps_import_nothing_of_ours() -> None:
    steps = [file for folder in PIPELINES for file in (folder / "steps").glob("*.py")]
    assert steps

    assert not [(file, name) for file in steps for name in imported(file) if ours(name)]


def import_graph() -> dict[str, set[str]]:
    """Each module of ours to those that it imports."""
    files = {name_of(file): file for file in modules(*ALLOWED)}
    graph = {
        importer: {
            module
            for name in imported(file)
            for module in (name, name.rpartition(".")[0])
            if module in files and module != importer
        }
        for importer, file in files.items()
    }
    assert sum(map(len, graph.values())) > len(files)
    return graph


def circle_in(graph: dict[str, set[str]]) -> str:
    """A circle of imports in words; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " imports ".join(reversed(error.args[1]))
    return ""


def test_no_import_leads_back_to_where_it_came_from() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}})

    assert not circle_in(import_graph())


def test_no_room_of_a_folder_imports_a_room_that_imports_it() -> None:
    rooms: dict[str, set[str]] = {}
    for importer, names in import_graph().items():
        inside = {room_of(name) for name in names}
        rooms.setdefault(room_of(importer), set()).update(inside - {room_of(importer)})
    rooms.pop("", None)
    assert len(rooms) > len(ALLOWED)

    assert not circle_in({room: inside - {""} for room, inside in rooms.items()})


def room_of(module: str) -> str:
    """The folder in a folder that a module lies in, such as ``components.access``, or nothing."""
    top, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    return f"{top}.{room}" if (ROOT / top / room).is_dir() and room else ""


def test_an_import_of_the_app_has_no_effect(tmp_path: Path) -> None:
    code = (
        "import os, sys; before = dict(os.environ); import app;"
        "assert dict(os.environ) == before, 'the import changes the environment'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(tmp_path.iterdir())


def test_the_app_does_nothing_but_define(tmp_path: Path) -> None:
    file = tmp_path / "probe.py"
    file.write_text('"""A docstring."""\nimport os\nprint("effect")\nos.getcwd()\n')
    assert effects(file) == [3, 4]

    assert effects(ROOT / "app.py") == []


def effects(file: Path) -> list[int]:
    """The lines of statements at the top level that do something when the module is imported."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.lineno for node in tree.body if not _defines(node)]


def _defines(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
            return True
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign() | ast.AnnAssign():
            calls = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
            return all(isinstance(called, ast.Name) and called.id == "Option" for called in calls)
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False
