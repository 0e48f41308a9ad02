"""How a job fails, and the reason that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aws_understudy.services.sagemaker.containers.containers import Exit

_LAST_LINES = 12
LONGEST_REASON = 1000
"""Characters; SageMaker cuts a reason at 1024."""


class JobFailedError(Exception):
    """A job cannot go on; the message is its ``FailureReason``."""


class JobStoppedError(Exception):
    """A job was stopped by its owner."""


def require_success(ended: Exit, *, log: Path, reason: str = "") -> None:
    """Pass when the process ended well.

    Args:
        ended: how it ended.
        log: what it printed; the last lines are the reason where it gave none.
        reason: what it gave as its reason.

    Raises:
        JobStoppedError: it was stopped.
        JobFailedError: it took too long or too much of its machine, or failed.
    """
    if ended.stopped:
        raise JobStoppedError
    if ended.timed_out:
        raise JobFailedError("MaxRuntimeExceeded: the job ran longer than MaxRuntimeInSeconds.")
    if ended.limit:
        raise JobFailedError(f"AlgorithmError: {ended.limit}")
    if ended.code != 0:
        words = (reason or last_lines(log))[-LONGEST_REASON:]
        raise JobFailedError(f"AlgorithmError: exit code {ended.code}. {words}".strip())


def last_lines(log: Path) -> str:
    """The last lines that a process printed."""
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return "\n".join(lines[-_LAST_LINES:])
