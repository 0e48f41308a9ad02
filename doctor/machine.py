"""The machine: where the clone lies, the environment, and what pip and npm are told to use."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
PYPI: Final = "https://pypi.org/simple"
NPM: Final = "https://registry.npmjs.org"
UV_FILES: Final = ("uv/uv.toml",)
SYSTEM_UV_FILES: Final = ("/etc/uv/uv.toml", "/etc/xdg/uv/uv.toml")


@dataclass(frozen=True)
class Machine:
    """What the checks look at; a test hands in its own."""

    root: Path
    home: Path
    environ: Mapping[str, str] = field(repr=False)

    @cached_property
    def pip_options(self) -> Mapping[str, str]:
        """What pip's variables and files say, such as ``{"index-url": "https://…"}``.

        Empty where there is no pip yet. What is for ``pip install`` wins over what is for all of
        pip, and a variable over a file.
        """
        done = subprocess.run(
            [sys.executable, "-m", "pip", "config", "list"],
            capture_output=True,
            text=True,
            check=False,
            env=dict(self.environ),
        )
        lines = done.stdout.splitlines() if done.returncode == 0 else []
        return read_pip_options(lines)

    @property
    def python_index(self) -> str:
        """The address of the package index that ``make setup`` installs from."""
        given = self.environ.get("UV_DEFAULT_INDEX") or self.environ.get("UV_INDEX_URL")
        return given or self.pip_options.get("index-url") or PYPI

    @property
    def npm_registry(self) -> str:
        """The address of npm's registry: its variable, else the user's file."""
        for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
            if self.environ.get(name):
                return self.environ[name]
        return _ini_value(self.home / ".npmrc", "registry") or NPM

    @property
    def configures_uv(self) -> bool:
        """Whether uv has a file of its own, which is then left to say which index it takes."""
        folder = Path(self.environ.get("XDG_CONFIG_HOME") or self.home / ".config")
        files = [folder / name for name in UV_FILES] + [Path(name) for name in SYSTEM_UV_FILES]
        return any(file.is_file() for file in files)


def read_pip_options(lines: list[str]) -> Mapping[str, str]:
    """Read what ``pip config list`` prints, one ``section.option='value'`` a line."""
    options: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in lines:
            name, _, value = line.partition("=")
            if name.startswith(section):
                options[name.removeprefix(section)] = str(ast.literal_eval(value))
    return options


def _ini_value(file: Path, key: str) -> str:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    pairs = (line.partition("=") for line in lines)
    values = [value.strip() for name, _, value in pairs if name.strip() == key]
    return values[-1] if values else ""
