"""What a package asks for is what is installed to develop it."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = sorted(ROOT.glob("packages/*/pyproject.toml"))
PIN = re.compile(r"^(?P<name>[\w.-]+)(\[[\w,-]+\])?==(?P<version>[\w.+!-]+)", re.MULTILINE)


def pins(file: str) -> dict[str, set[str]]:
    """Name to the exact versions of a file of requirements; several where it depends."""
    versions: dict[str, set[str]] = {}
    for pin in PIN.finditer((ROOT / file).read_text(encoding="utf-8")):
        versions.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return versions


def asked_by(project: Path) -> list[Requirement]:
    tables = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    return [Requirement(text) for text in tables["dependencies"]]


@pytest.mark.parametrize("project", PACKAGES, ids=lambda project: project.parent.name)
def test_the_lock_file_has_what_a_package_asks_for(project: Path) -> None:
    locked = pins("requirements-dev.txt")
    asked = {canonicalize_name(need.name): need.specifier for need in asked_by(project)}
    fitting = {
        name
        for name, specifier in asked.items()
        if name in locked and all(map(specifier.contains, locked[name]))
    }

    assert len(asked) > 3
    assert fitting == set(asked)


def test_what_a_package_pins_exactly_is_pinned_so_for_its_development() -> None:
    exact = {
        canonicalize_name(need.name): {str(need.specifier).removeprefix("==")}
        for project in PACKAGES
        for need in asked_by(project)
        if str(need.specifier).startswith("==")
    }
    listed = pins("requirements-dev.in")

    assert {"ministack", "moto"} <= set(exact)
    assert {name: listed.get(name, set()) for name in exact} == exact
