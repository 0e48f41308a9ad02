"""Promises of the runner and the report: no step counts as proved that did not run to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError
from rich.console import Console

from rehearsal.errors import Interrupted, RehearsalError
from rehearsal.reporting.display import LineDisplay, TableDisplay
from rehearsal.reporting.report import Report
from rehearsal.run.runner import Outcome, Say, Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def prove(say: Say) -> str:
    say("half way")
    return "it holds [/bold]"


def refuse(_say: Say) -> str:
    raise RehearsalError("it does not hold")


def break_down(_say: Say) -> str:
    raise KeyError("defect")


def lose_the_connection(_say: Say) -> str:
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


def be_interrupted(_say: Say) -> str:
    raise Interrupted("SIGTERM")


def go(
    *runs: Callable[[Say], str], tmp_path: Path, explain: str = ""
) -> tuple[bool, list[Outcome]]:
    steps = [Step(name=f"step {number}", run=run) for number, run in enumerate(runs)]
    outcomes: list[Outcome] = []
    with (tmp_path / "shown.txt").open("w") as file:
        display = LineDisplay(Console(file=file))
        try:
            good = run_steps(
                steps,
                show=display.show,
                outcomes=outcomes,
                explain=lambda: explain,
                log=tmp_path / "traceback.log",
            )
        except Interrupted:
            good = False
    return good, outcomes


def test_all_proved_is_good(tmp_path: Path) -> None:
    good, outcomes = go(prove, prove, tmp_path=tmp_path)
    assert good
    assert [(outcome.status, outcome.proved) for outcome in outcomes] == [
        ("proved", "it holds [/bold]")
    ] * 2


def test_what_follows_a_failure_is_skipped(tmp_path: Path) -> None:
    good, outcomes = go(prove, refuse, prove, tmp_path=tmp_path)
    assert not good
    assert [outcome.status for outcome in outcomes] == ["proved", "failed", "skipped"]
    assert outcomes[1].proved == "it does not hold"


def test_a_failure_bears_what_the_surroundings_know(tmp_path: Path) -> None:
    _, outcomes = go(lose_the_connection, tmp_path=tmp_path, explain="the emulator has ended")
    assert "Could not connect" in outcomes[0].proved
    assert outcomes[0].proved.endswith("\nthe emulator has ended")


def test_a_defect_is_a_failure_with_its_traceback_in_a_log(tmp_path: Path) -> None:
    good, outcomes = go(break_down, tmp_path=tmp_path)
    assert not good
    assert outcomes[0].proved.startswith("unexpected KeyError: 'defect'")
    assert "in break_down" in (tmp_path / "traceback.log").read_text()


def test_a_traceback_that_cannot_be_written_does_not_replace_the_reason(tmp_path: Path) -> None:
    (tmp_path / "traceback.log").mkdir()
    good, outcomes = go(break_down, prove, tmp_path=tmp_path)
    assert not good
    assert [outcome.status for outcome in outcomes] == ["failed", "skipped"]
    assert "unexpected KeyError: 'defect'" in outcomes[0].proved
    assert f"cannot be written to {tmp_path}/traceback.log: Is a directory" in outcomes[0].proved


def test_an_interrupted_step_is_no_proof(tmp_path: Path) -> None:
    good, outcomes = go(prove, be_interrupted, prove, tmp_path=tmp_path)
    assert not good
    assert [outcome.status for outcome in outcomes] == ["proved", "failed", "skipped"]


def test_a_log_gets_a_line_when_a_step_starts_and_when_it_ends(tmp_path: Path) -> None:
    go(prove, refuse, prove, tmp_path=tmp_path)
    lines = (tmp_path / "shown.txt").read_text().splitlines()
    assert [line.split("(")[0].split() for line in lines] == [
        ["running", "step", "0"],
        ["proved", "step", "0"],
        ["running", "step", "1"],
        ["failed", "step", "1"],
        ["skipped", "step", "2"],
    ]


def test_a_terminal_gets_a_table_with_brackets_as_they_are(tmp_path: Path) -> None:
    with (tmp_path / "shown.txt").open("w") as file:
        console = Console(file=file, force_terminal=True, width=100)
        with TableDisplay(console) as display:
            display.show([Outcome(name="one", status="failed", proved="see [/path] [bold]")])
    assert "see [/path] [bold]" in (tmp_path / "shown.txt").read_text()


@pytest.mark.parametrize("key", ["steps", "queries", "pipelines", "predictions", "resources"])
def test_a_report_has_every_part_even_if_nothing_was_proved(tmp_path: Path, key: str) -> None:
    Report(target="local", config="dev", data="synthetic").write(tmp_path / "report.json")
    assert key in json.loads((tmp_path / "report.json").read_text())


def test_a_report_says_of_each_step_how_it_went(tmp_path: Path) -> None:
    report = Report(target="local", config="dev", data="synthetic")
    _, report.steps = go(prove, refuse, tmp_path=tmp_path)
    report.measurements = {"versions": {"python": "3"}}
    report.write(tmp_path / "deep" / "report.json")
    written = json.loads((tmp_path / "deep" / "report.json").read_text())
    assert set(written["steps"][0]) == {"name", "status", "seconds", "proved"}
    assert written["figures"]["versions"] == {"python": "3"}
