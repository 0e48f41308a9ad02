"""How a job fails, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.sagemaker.containers import Exit

_LAST_LINES = 12
_LONGEST_REASON = 1000
"""Characters; SageMaker cuts a reason at 1024."""


class JobFailedError(Exception):
    """A job cannot go on; the message is its ``FailureReason``."""


class JobStoppedError(Exception):
    """A job was stopped by its owner."""


def require_success(ended: Exit, *, log: Path, told: Path | None = None) -> None:
    """Pass when the process ended well.

    Args:
        ended: how it ended.
        log: what it printed; the last lines are the reason unless ``told`` has one.
        told: the file in which a training script may leave its reason.

    Raises:
        JobStoppedError: it was stopped.
        JobFailedError: it took too long, or failed.
    """
    if ended.stopped:
        raise JobStoppedError
    if ended.timed_out:
        raise JobFailedError("MaxRuntimeExceeded: the job ran longer than MaxRuntimeInSeconds.")
    if ended.code != 0:
        reason = told.read_text(errors="replace") if told and told.is_file() else last_lines(log)
        raise JobFailedError(
            f"AlgorithmError: exit code {ended.code}. {reason[-_LONGEST_REASON:]}".strip()
        )


def last_lines(log: Path) -> str:
    """The last lines that a process printed."""
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return "\n".join(lines[-_LAST_LINES:])
