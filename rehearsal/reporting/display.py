"""Shows the steps: a live table on a terminal, a line for each step elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from rehearsal.run.runner import Outcome

WIDTH_OF_A_FILE = 140
"""Columns where there is no terminal that has a width."""

MARKS = {
    "waiting": "[dim]·[/]",
    "running": "[cyan]▸[/]",
    "proved": "[green]✔[/]",
    "failed": "[red]✘[/]",
    "skipped": "[dim]-[/]",
}


def make_console() -> Console:
    """A console that is wide enough for the tables where output goes to a file or a log."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH_OF_A_FILE)


class TableDisplay:
    """A table that is drawn anew four times a second; for a terminal."""

    def __init__(self, console: Console) -> None:
        self._outcomes: Sequence[Outcome] = ()
        self._started: dict[str, float] = {}
        self._live = Live(console=console, refresh_per_second=4, get_renderable=self._table)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, outcomes: Sequence[Outcome]) -> None:
        """Take the steps as they are now."""
        self._outcomes = outcomes
        for outcome in outcomes:
            if outcome.status == "running":
                self._started.setdefault(outcome.name, time.monotonic())

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        table.add_column("step", no_wrap=True)
        table.add_column("seconds", justify="right")
        table.add_column("what it proved")
        for outcome in self._outcomes:
            # A path or a message may hold brackets, which are markup elsewhere.
            proved = outcome.proved.replace("[", r"\[")
            table.add_row(MARKS[outcome.status], outcome.name, self._seconds(outcome), proved)
        return table

    def _seconds(self, outcome: Outcome) -> str:
        if outcome.status in {"waiting", "skipped"}:
            return ""
        if outcome.status == "running":
            return f"{time.monotonic() - self._started[outcome.name]:.1f}"
        return f"{outcome.seconds:.1f}"


class LineDisplay:
    """A line when a step starts and one when it ends; for a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def show(self, outcomes: Sequence[Outcome]) -> None:
        """Print what has changed since the last time."""
        for outcome in outcomes:
            if outcome.status == self._shown.get(outcome.name, "waiting"):
                continue
            self._shown[outcome.name] = outcome.status
            line = f"{outcome.status:8} {outcome.name}"
            if outcome.status in {"proved", "failed"}:
                line += f" ({outcome.seconds:.1f} s): {outcome.proved}"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def make_display(console: Console) -> TableDisplay | LineDisplay:
    """Choose by whether somebody looks at it live."""
    return TableDisplay(console) if console.is_terminal else LineDisplay(console)
