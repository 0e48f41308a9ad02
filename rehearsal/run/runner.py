"""Runs steps in order; the first that fails ends the run, and the rest count as skipped."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Say = Callable[[str], None]
"""Tells the person who watches how far a step is."""

Status = Literal["waiting", "running", "proved", "failed", "skipped"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A part of the journey; its answer says what it proved."""

    name: str
    run: Callable[[Say], str]


@dataclass(kw_only=True)
class Outcome:
    """How a step went so far."""

    name: str
    status: Status = "waiting"
    seconds: float = 0.0
    proved: str = ""
    """What it proved; while it runs, how far it is; when it failed, why."""


def run_steps(
    steps: Sequence[Step],
    *,
    show: Callable[[Sequence[Outcome]], None],
    outcomes: list[Outcome],
    explain: Callable[[], str],
    log: Path,
) -> bool:
    """Run the steps; True when every one proved what it says.

    Args:
        steps: What to run.
        show: Is given all outcomes, as often as anything changes.
        outcomes: Filled with an outcome for each step; complete even if a signal ends the run.
        explain: Says what the surroundings know about a failure, such as a dead emulator.
        log: Where the traceback of an error goes that no step foresaw.
    """
    outcomes.extend(Outcome(name=step.name) for step in steps)
    good = True
    try:
        for step, outcome in zip(steps, outcomes, strict=True):
            if not good:
                break
            _run_step(step, outcome, display=lambda: show(outcomes), log=log)
            good = outcome.status == "proved"
            if not good and (reason := explain()):
                outcome.proved = f"{outcome.proved}\n{reason}"
    finally:
        for outcome in outcomes:
            if outcome.status == "running":
                outcome.status, outcome.proved = "failed", "interrupted"
            elif outcome.status == "waiting":
                outcome.status = "skipped"
        show(outcomes)
    return good


def _run_step(step: Step, outcome: Outcome, *, display: Callable[[], None], log: Path) -> None:
    started = time.monotonic()

    def say(progress: str) -> None:
        outcome.proved = progress
        outcome.seconds = time.monotonic() - started
        display()

    outcome.status = "running"
    display()
    try:
        outcome.proved = step.run(say)
        outcome.status = "proved"
    except (RehearsalError, ClientError, BotoCoreError) as error:
        outcome.status, outcome.proved = "failed", str(error)
    except Exception as error:  # noqa: BLE001 - a defect must still end in a report
        outcome.status = "failed"
        outcome.proved = f"unexpected {type(error).__name__}: {error}\n{_logged(log)}"
    finally:
        outcome.seconds = time.monotonic() - started
    display()


def _logged(log: Path) -> str:
    """Write the current traceback; a full disk, which may be its reason, must not replace it."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(traceback.format_exc())
    except OSError as error:
        return f"The traceback cannot be written to {log}: {error.strerror}"
    return f"Traceback: {log}"
