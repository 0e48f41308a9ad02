"""Imports point one way; the package names nothing it is only used beside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from understudy_support.sources import HOME, PACKAGE, SOURCE, imported, modules, names_in

SERVICES = sorted(path.parent.name for path in SOURCE.glob("services/*/part.py"))
BELOW_SERVICES = {
    *("cloudformation", "core", "lake", "ledger", "records", "sandbox", "services.part"),
}
ALLOWED = {
    "sandbox": set(),
    "core": {"sandbox"},
    "cloudformation": {"core"},
    "ledger": {"core"},
    "records": {"core"},
    "lake": {"core"},
    "backends": {"core", "sandbox"},
    "gateway": {"backends", "core", "ledger"},
    "services": set(),
    "services.part": {"cloudformation", "core", "sandbox"},
    "composition": {
        *("backends", "cloudformation", "core", "sandbox"),
        *(f"services.{service}" for service in SERVICES),
    },
    "process": {
        *("backends", "cloudformation", "composition", "core", "gateway", "ledger", "sandbox"),
    },
    "fidelity_page": {"composition", "ledger"},
    "command": {"backends", "core", "process", "sandbox"},
    "understudy": set(),
    "pytest_plugin": {"understudy"},
    "__init__": {"understudy"},
    "__main__": {"command"},
}
"""Which module or folder imports which others, beside the services."""
SMALLEST = {
    "sandbox.level": "a setting of the process",
    "sandbox.sandboxes": "what runs the code of jobs",
}
"""All that is known of the sandbox by those who only hand it on."""
BACK_ENDS = {
    "moto": {"backends"},
    "ministack": {"backends", "cloudformation", "gateway", "process"},
}
"""Who may look inside the programs behind."""


def unit(module: str) -> str:
    """A folder, a module beside the folders, or one service."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "services" else parts[0]


def used_by(name: str) -> set[str]:
    paths = [path for module, path in modules().items() if unit(module) == name]
    assert paths, name
    return {unit(module) for path in paths for module in imported(path)} - {name, PACKAGE}


def test_every_module_has_its_place_among_the_rules() -> None:
    units = {unit(module) for module in modules()}

    assert units == {*ALLOWED, *(f"services.{service}" for service in SERVICES)}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_part_imports_only_what_stands_below_it(name: str) -> None:
    known = {"understudy"} if name == "__init__" else ALLOWED[name]
    assert used_by(name) - known == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service(service: str) -> None:
    name = f"services.{service}"
    used = used_by(name)

    assert "services.part" in used
    assert used - BELOW_SERVICES == set()


def test_nobody_lists_the_services_but_the_composition() -> None:
    lists = {
        unit(module)
        for module, path in modules().items()
        for name in imported(path)
        if re.fullmatch(r"services\.\w+\.part", name)
    }

    assert lists == {"composition"}
    assert used_by("composition") >= {f"services.{service}" for service in SERVICES}


def test_who_hands_the_sandbox_on_knows_its_least() -> None:
    known = {
        name
        for module, path in modules().items()
        for name in imported(path)
        if unit(name) == "sandbox"
        and unit(module) in {"core", "command", "composition", "process", "services.part"}
    }

    assert known == set(SMALLEST)


def test_the_programs_behind_are_known_to_few() -> None:
    inside = {
        (program, unit(module))
        for module, path in modules().items()
        for name in names_in(path)
        for program in BACK_ENDS
        if name.partition(".")[0] == program
    }

    assert inside == {(program, name) for program, names in BACK_ENDS.items() for name in names}


def test_what_runs_in_a_sandbox_needs_the_standard_library_alone() -> None:
    paths = [path for module, path in modules().items() if module.startswith("sandbox.launcher")]
    server = SOURCE / "services" / "sagemaker" / "serving" / "server.py"
    foreign = {
        (path.name, name)
        for path in [*paths, server]
        for name in names_in(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith(f"{PACKAGE}.sandbox.")
    }

    assert len(paths) > 5
    assert foreign == set()
    assert not any(name.startswith(PACKAGE) for name in names_in(server))


def test_an_import_of_the_package_alone_is_light() -> None:
    code = (
        "import sys, aws_understudy;"
        "print(sorted({'boto3', 'botocore', 'duckdb', 'ministack', 'moto'} & set(sys.modules)));"
        "aws_understudy.Understudy; print('boto3' in sys.modules, 'moto' in sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.splitlines() == ["[]", "True False"]


def test_nothing_else_of_this_repository_is_imported_or_named() -> None:
    files = [
        path
        for path in HOME.rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".sql"}
        and path != Path(__file__)
        and ".mypy_cache" not in path.parts
    ]
    strangers = re.compile("capstone|stackverdict|rehears|requirements-dev", re.IGNORECASE)

    assert len(files) > 200
    assert [path for path in files if strangers.search(path.read_text(encoding="utf-8"))] == []


def test_a_variable_says_its_role() -> None:
    silent = {"said", "told", "one", "here", "it", "found", "done", "given", "seen", "each"}
    paths = [*modules().values(), *Path(__file__).parent.rglob("*.py")]
    names = {
        (path.name, node.id if isinstance(node, ast.Name) else node.arg)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }

    assert len(names) > 1000
    assert [name for name in names if name[1] in silent] == []
