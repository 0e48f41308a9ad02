"""Sandboxes of every level that this system allows."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_understudy.sandbox.ending import Ended
from aws_understudy.sandbox.level import Level
from aws_understudy.sandbox.limits import Limits
from aws_understudy.sandbox.sandboxes import Sandbox, Sandboxes

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60.0
MEBIBYTE = 1 << 20


@dataclass
class Ran:
    """How a command of a test ended."""

    code: int
    output: str
    ended: Ended


@dataclass
class Trial:
    """Runs scripts in sandboxes of one level."""

    sandboxes: Sandboxes
    folder: Path
    variables: dict[str, str] = field(default_factory=lambda: {"PATH": os.defpath})

    @property
    def level(self) -> Level:
        return self.sandboxes.level

    @property
    def hides_files(self) -> bool:
        return self.level is not Level.PROCESS_GROUP

    @property
    def data(self) -> str:
        """The writable folder as the command sees it."""
        return "/data" if self.level.moves_folders else str(self.folder / "data")

    def sandbox(self, **more: Any) -> Sandbox:
        limits: dict[str, Any] = {
            "memory_bytes": 1 << 30,
            "disk_bytes": 1 << 30,
            "whose": "the test",
        }
        names = ("memory_bytes", "disk_bytes", "processes")
        limits |= {name: more.pop(name) for name in names if name in more}
        folders = {inside: self.folder / inside[1:] for inside in ("/data", "/tmp")}
        for path in folders.values():
            path.mkdir(exist_ok=True)
        more = {"writable": folders, "folder": self.data, **more}
        return Sandbox(limits=Limits(**limits), report=self.folder / "report.json", **more)

    def start(self, script: str, **more: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script]
        return subprocess.Popen(
            self.sandboxes.arguments(self.sandbox(**more), command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.variables,
        )

    def run(self, script: str, **more: Any) -> Ran:
        process = self.start(script, **more)
        output, _ = process.communicate(timeout=SECONDS)
        return Ran(process.returncode, output, Ended.read(self.folder / "report.json"))
