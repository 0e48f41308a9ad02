"""Runs the rehearsal as a user does, and looks for what it may have left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Run:
    """A rehearsal that has ended."""

    code: int
    text: str
    out: Path

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.out / "report.json").read_text())
        return report

    def step(self, name: str) -> dict[str, Any]:
        (outcome,) = [step for step in self.report["steps"] if step["name"] == name]
        return dict(outcome)


def start(*options: str, out: Path) -> subprocess.Popen[str]:
    # What a user has in the shell must not matter.
    shell = {
        "HOME": str(out.parent),
        "AWS_PROFILE": "production",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "rehearsal", "--out", str(out), *options],
        cwd=ROOT,
        env={**os.environ, **shell},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str], *, out: Path) -> Run:
    text, _ = process.communicate(timeout=SECONDS)
    return Run(code=process.returncode, text=text, out=out)


def rehearse(*options: str, out: Path) -> Run:
    return finish(start(*options, out=out), out=out)


def wait_for(condition: Callable[[], bool], *, process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None, f"ended too early: {process.communicate()[0]}"
        time.sleep(0.02)


def left_behind(out: Path) -> list[str]:
    """The command lines of living processes that have to do with a folder."""
    commands = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:  # it has ended meanwhile, or is somebody else's
            continue
        if int(folder.name) != os.getpid() and command and str(out) in command + environment:
            commands.append(f"{folder.name} {command}")
    return commands


def all_gone(out: Path) -> bool:
    for _ in range(150):
        if not left_behind(out):
            return True
        time.sleep(0.1)
    return False
