"""Promises of the process management: a failure is told with its log, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rehearsal.errors import Interrupted, RehearsalError
from rehearsal.run.signals import interruptible
from rehearsal.targets.local.processes import run_program, stop_group
from rehearsal.targets.local.toolchain import ROOT, Endpoint, Toolchain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A program that starts one of its own, says its number, and waits for ever; neither minds SIGTERM.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def run(code: str, tmp_path: Path, watch: Callable[[str], None] = lambda _log: None) -> Path:
    log = tmp_path / "logs" / "program.log"
    run_program(
        [sys.executable, "-c", code],
        title="the program",
        env=dict(os.environ),
        cwd=tmp_path,
        log=log,
        watch=watch,
    )
    return log


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie that waits for its parent's look."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 - not a file
            return stat.read().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> bool:
    for _ in range(100):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


def test_what_a_program_prints_is_in_its_log(tmp_path: Path) -> None:
    assert run("print('said')", tmp_path).read_text() == "said\n"


def test_a_failure_bears_the_last_lines_and_the_path_of_the_log(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError) as failure:
        run("import sys; print('why'); sys.exit(3)", tmp_path)
    message = str(failure.value)
    assert "the program failed (exit code 3): why" in message
    assert str(tmp_path / "logs" / "program.log") in message


def test_a_failed_deployment_is_told_by_its_failures_and_not_by_the_rollback(
    tmp_path: Path,
) -> None:
    lines = ["x | CREATE_FAILED | AWS::S3::Bucket | name is taken", "❌ x failed", "rolled back"]
    with pytest.raises(RehearsalError) as failure:
        run(f"import sys; print(*{[*lines, *lines]!r}, sep='\\n'); sys.exit(1)", tmp_path)
    lines_shown = str(failure.value).partition(": ")[2].splitlines()
    assert lines_shown[:2] == lines[:2]
    assert lines_shown[2].startswith("Whole log: ")


def test_a_watcher_ends_the_program_and_all_that_it_started(tmp_path: Path) -> None:
    pids: list[int] = []

    def watch(log: str) -> None:
        if log.endswith("\n"):
            pids.append(int(log))
            raise RehearsalError("the emulator has ended")

    with pytest.raises(RehearsalError, match="the emulator has ended"):
        run(STUBBORN.replace("signal.SIG_IGN", "signal.SIG_DFL"), tmp_path, watch)
    assert wait_until_gone(pids[0])


def test_a_group_that_does_not_mind_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rehearsal.targets.local.processes.STOP_SECONDS", 0.2)
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    stop_group(process)
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert wait_until_gone(child)


def test_a_program_ends_when_the_rehearsal_is_killed(tmp_path: Path) -> None:
    # A rehearsal in a process of its own, which starts a program that starts another.
    code = f"""
from pathlib import Path
from rehearsal.targets.local.processes import run_program
run_program([{sys.executable!r}, "-c", {STUBBORN!r}], title="it", env={{}}, cwd=Path("/"),
            log=Path({str(tmp_path / "program.log")!r}), watch=lambda log: None)
"""
    rehearsal = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    while not (tmp_path / "program.log").exists() or not (tmp_path / "program.log").read_text():
        time.sleep(0.02)
    grandchild = int((tmp_path / "program.log").read_text())
    assert is_running(grandchild)
    rehearsal.kill()
    rehearsal.wait()
    assert wait_until_gone(grandchild)


def test_a_program_that_a_signal_ends_has_failed(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match=r"exit code 137"):
        run("import os; os.kill(os.getpid(), 9)", tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_becomes_an_exception_and_a_second_one_does_not_disturb_the_cleaning(
    number: signal.Signals,
) -> None:
    cleaned: list[bool] = []

    def be_ended_twice() -> None:
        with interruptible():
            try:
                os.kill(os.getpid(), number)
                time.sleep(5)
            finally:
                os.kill(os.getpid(), number)
                cleaned.append(True)

    with pytest.raises(Interrupted, match=number.name):
        be_ended_twice()
    assert cleaned


def test_no_variable_of_the_users_account_reaches_a_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("HOME", "/home/user")
    tools = Toolchain(python=tmp_path / "python", node_folder=tmp_path, cdk=tmp_path / "cdk")
    endpoint = Endpoint(url="http://127.0.0.1:1", access_key_id="key", secret_access_key="own")
    variables = tools.environment(home=tmp_path, endpoint=endpoint, region="eu-west-1")
    assert variables["HOME"] == str(tmp_path)
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert variables["AWS_SECRET_ACCESS_KEY"] == "own"
    assert "own" not in repr(endpoint)
    assert variables["AWS_REGION"] == variables["CDK_DEFAULT_REGION"] == "eu-west-1"
    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & variables.keys()
