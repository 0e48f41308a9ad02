"""The command line: the checks, or ``install`` with a program to run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from doctor.checks import CHECKS
from doctor.install import install
from doctor.machine import ROOT, Machine
from doctor.report import report

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Check the machine; with ``install PROGRAM …`` run a program that installs.

    0: nothing is in the way; 1: something is; or the exit code of the program.
    """
    machine = Machine(root=ROOT, home=Path.home(), environ=os.environ)
    if arguments and arguments[0] == "install" and len(arguments) > 1:
        return install(machine, arguments[1:])
    if arguments:
        print("usage: python -m doctor [install PROGRAM [ARGUMENT ...]]", file=sys.stderr)
        return EXIT_USAGE
    print(f"doctor of {ROOT}")
    findings = (finding for check in CHECKS for finding in check(machine))
    return report(findings, verb="make demo")
