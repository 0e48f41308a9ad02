"""Network: the indexes that ``make setup`` installs from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doctor.reach import reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doctor.finding import Finding
    from doctor.machine import Machine


def package_index(machine: Machine) -> Iterator[Finding]:
    """Whether the index of Python's packages answers."""
    setting = "index-url in pip.conf, or UV_DEFAULT_INDEX and PIP_INDEX_URL"
    yield reach(machine, machine.python_index, subject="package index", page="uv/", setting=setting)


def npm_registry(machine: Machine) -> Iterator[Finding]:
    """Whether the registry of Node's packages answers."""
    setting = "registry in ~/.npmrc, or npm_config_registry"
    yield reach(
        machine, machine.npm_registry, subject="npm registry", page="aws-cdk", setting=setting
    )
