"""Runs a program that installs, with the completed environment; its failure is explained."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doctor.checks.network import npm_registry, package_index
from doctor.checks.space import disk
from doctor.environment import install_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doctor.machine import Machine

NOT_STARTED: Final = 127


def install(machine: Machine, program: Sequence[str]) -> int:
    """Run a program; what it says is shown, unless the machine explains why it failed.

    Returns:
        Its exit code.
    """
    try:
        done = subprocess.run(
            program,
            env=install_environment(machine),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        print(f"setup: {program[0]} cannot be started: {error.strerror}", file=sys.stderr)
        return NOT_STARTED
    if done.returncode:
        _explain(machine, program[0], done.stdout)
    else:
        sys.stderr.buffer.write(done.stdout)
    return done.returncode


def _explain(machine: Machine, program: str, output: bytes) -> None:
    """Say what the machine lacks; where it lacks nothing, what the program has said."""
    index = npm_registry if Path(program).name == "node" else package_index
    findings = [*disk(machine), *index(machine)]
    stops = [finding for finding in findings if finding.level == "stop"]
    for finding in stops:
        print(f"setup: {finding.subject}: {finding.seen}; {finding.remedy}", file=sys.stderr)
    if not stops:
        sys.stderr.buffer.write(output)
        print("setup: the installation failed, see above", file=sys.stderr)
