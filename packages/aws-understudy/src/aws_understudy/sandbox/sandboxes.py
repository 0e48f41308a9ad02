"""Describes commands to the launcher, in the strongest form that the system allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_understudy.sandbox.level import Level
from aws_understudy.sandbox.limits import Limits
from aws_understudy.sandbox.places import pairs, system_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_understudy.sandbox.order import Order

LAUNCHER: Final = (
    *(sys.executable, "-I", "-S"),
    str(Path(__file__).with_name("launcher") / "__main__.py"),
)
_TMP: Final = "/tmp"  # noqa: S108 - the command's own, not the host's
_PROBE_LIMITS: Final = Limits(memory_bytes=1 << 30, disk_bytes=1 << 30, whose="the probe")
_PROBE: Final = "import os; os.stat('/probe/here')"


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """What one command may see and use."""

    limits: Limits
    writable: Mapping[str, Path]
    """Each folder by where it is seen; without one for /tmp, /tmp is in memory."""
    readable: Sequence[Path] = ()
    """Beside the system and the interpreter."""
    set: Mapping[str, str] = field(default_factory=dict)
    """Variables that the command gets."""
    unset: Sequence[str] = ()
    """Variables of the launcher that the command does not get."""
    folder: str = ""
    """The working folder as the command sees it; empty for the launcher's."""
    network: bool = True
    grace_seconds: float = 3.0
    report: Path
    """Where the launcher leaves how the command ended; in no writable folder."""


@dataclass(frozen=True, kw_only=True)
class Sandboxes:
    """Turns a description into the launcher's order."""

    level: Level
    stage: Path
    """An empty folder."""

    @classmethod
    def strongest(cls, work_dir: Path, *, at_most: Level = Level.NAMESPACES) -> Sandboxes:
        """The strongest that works here, found by trying, but none above ``at_most``."""
        stage = work_dir / "stage"
        stage.mkdir(parents=True, exist_ok=True)
        levels = list(Level)
        for level in levels[levels.index(at_most) :]:
            sandboxes = cls(level=level, stage=stage)
            if level is Level.PROCESS_GROUP or sandboxes._works(work_dir):
                return sandboxes
        raise AssertionError(at_most)  # a process group is everywhere

    def order(self, sandbox: Sandbox, command: Sequence[str]) -> Order:
        """What the launcher is to do."""
        limits = sandbox.limits
        memory, disk = limits.on_this_machine(self.stage)
        return {
            "level": self.level.value,
            "parent": os.getpid(),
            "command": list(command),
            "folder": sandbox.folder,
            "set": dict(sandbox.set),
            "unset": list(sandbox.unset),
            "writable": [
                [str(path.resolve()), inside] for inside, path in sandbox.writable.items()
            ],
            "readable": [list(pair) for pair in (*system_places(), *pairs(sandbox.readable))],
            "tmp_bytes": 0 if _TMP in sandbox.writable else min(memory, disk),
            "shm_bytes": memory if limits.shared_memory else 0,
            "stage": str(self.stage.resolve()),
            "network": sandbox.network,
            "memory_bytes": memory,
            "processes": limits.processes,
            "disk_bytes": disk,
            "open_files": limits.open_files,
            "nice": os.getpriority(os.PRIO_PROCESS, 0),
            "grace_seconds": sandbox.grace_seconds,
            "report": str(sandbox.report),
        }

    def arguments(self, sandbox: Sandbox, command: Sequence[str]) -> list[str]:
        """What to execute, in a child of this process; the order lies beside the report."""
        order = sandbox.report.with_suffix(".order")
        order.write_text(json.dumps(self.order(sandbox, command)))
        return [*LAUNCHER, str(order)]

    def _works(self, work_dir: Path) -> bool:
        folder = work_dir / "probe"
        folder.mkdir(exist_ok=True)
        (folder / "here").touch()
        look = _PROBE if self.level.moves_folders else "pass"
        sandbox = Sandbox(
            limits=_PROBE_LIMITS,
            writable={"/probe": folder},
            report=work_dir / "probe.json",
            folder="/",
        )
        arguments = self.arguments(sandbox, [sys.executable, "-I", "-S", "-c", look])
        return subprocess.run(arguments, capture_output=True, check=False).returncode == 0
