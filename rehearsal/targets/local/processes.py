"""Starts a program in a process group of its own, and stops the whole group whatever happens."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

GUARD = Path(__file__).with_name("guard.py")
POLL_SECONDS = 0.1
STOP_SECONDS = 12
LAST_LINES = 12
FAILURE_MARKS = ("CREATE_FAILED", "UPDATE_FAILED", "❌")


def run_program(
    arguments: Sequence[str],
    *,
    title: str,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    watch: Callable[[str], None],
) -> None:
    """Run a program to its end, or to ours; its output goes to a log file.

    Args:
        arguments: The program and its arguments.
        title: How an error message calls it.
        env: Its whole environment.
        cwd: The folder it runs in.
        log: Where its output goes.
        watch: Called over and over with the log so far; it may raise to end the program.

    Raises:
        RehearsalError: the program failed; the message has its last lines and the log's path.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-S", str(GUARD), *arguments],
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
            env=dict(env), cwd=cwd, start_new_session=True,
        )  # fmt: skip
    try:
        while process.poll() is None:
            time.sleep(POLL_SECONDS)
            watch(log.read_text(errors="replace"))
    finally:
        stop_group(process)
        if process.stdin is not None:
            process.stdin.close()
    if process.returncode != 0:
        raise RehearsalError(
            f"{title} failed (exit code {process.returncode}): {last_lines(log)}\nWhole log: {log}"
        )


def last_lines(log: Path) -> str:
    """What of a log belongs into an error message: its failures, as the CDK CLI marks them.

    A log without such a mark is told by its end.
    """
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    marked = [line for line in lines if any(mark in line for mark in FAILURE_MARKS)]
    # The CLI tells every failure twice: as it happens, and at the end.
    shown = list(dict.fromkeys(marked)) or lines
    return "\n".join(shown[-LAST_LINES:]) or "it printed nothing"


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: first politely, then not.

    The group may outlive its leader, so it gets the last signal in any case.
    """
    if process.poll() is None:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
