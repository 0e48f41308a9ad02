"""Programs: the Python that makes the virtual environment, git, and the Node that is installed."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from doctor.finding import good, stop, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doctor.finding import Finding
    from doctor.machine import Machine


def python(_machine: Machine) -> Iterator[Finding]:
    """The Python is new enough, or this would not run; whether it can make an environment."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        yield stop(
            "python",
            f"{sys.executable} cannot make a virtual environment: it has no ensurepip",
            "on Debian and Ubuntu: sudo apt install python3-venv; or name another: "
            "make PYTHON=python3.12",
        )
    else:
        yield good("python", f"{platform.python_version()} ({sys.executable})")


def git(machine: Machine) -> Iterator[Finding]:
    """Git is there; only a review against a base needs it."""
    path = shutil.which("git", path=machine.environ.get("PATH"))
    if path is None:
        yield warning(
            "git", "is not on the PATH", "install it: make review BASE=… and commits need it"
        )
    else:
        yield good("git", path)


def node(machine: Machine) -> Iterator[Finding]:
    """The Node of the virtual environment runs; before the set-up there is none yet."""
    path = machine.root / ".venv" / "bin" / "node"
    if not path.exists():
        yield good("node", "none is needed: make setup brings Node 24 along")
        return
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        failure = done.stderr.strip() if done.returncode else ""
    except OSError as error:
        failure = str(error)
    if failure:
        yield stop("node", f"{path} does not run ({failure})", "rm -r .venv && make setup")
    else:
        yield good("node", f"{done.stdout.strip()} ({path})")
