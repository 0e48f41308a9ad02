"""The life of the emulator's process: it starts on a free port, and it leaves nothing behind."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from understudy_support.running import RunningEmulator

from aws_understudy.core.children import descendants
from aws_understudy.core.work_folder import WorkFolderError, claim

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningEmulator]:
    running = RunningEmulator(tmp_path)
    yield running
    running.stop()


def command(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aws_understudy", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start_worker(emulator: RunningEmulator) -> list[int]:
    """Run a function, whose worker process stays for the next call."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return 1\n")
    functions = emulator.client("lambda")
    functions.create_function(
        FunctionName="f",
        Runtime="python3.12",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/r",
        Code={"ZipFile": packed.getvalue()},
    )
    functions.invoke(FunctionName="f")
    workers = descendants(emulator.process.pid)
    assert workers, "no worker process was started, so the test would prove nothing"
    return workers


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def gone(processes: list[int]) -> bool:
    for _ in range(150):
        if not any(alive(process) for process in processes):
            return True
        time.sleep(0.1)
    return False


def test_the_ready_file_says_where_it_serves(emulator: RunningEmulator) -> None:
    ready = json.loads(emulator.ready_file.read_text())
    assert ready["pid"] == emulator.process.pid
    assert ready["account"] == "000000000000"
    assert ready["region"] == "us-east-1"
    assert emulator.endpoint_url.startswith("http://127.0.0.1:")
    assert emulator.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_it_listens_on_loopback_only(emulator: RunningEmulator) -> None:
    port = int(emulator.endpoint_url.rpartition(":")[2])
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        # All of 127/8 is this machine; a server on every interface would answer here too.
        other.connect(("127.0.0.2", port))


def test_sigterm_ends_it_and_its_workers(own: RunningEmulator) -> None:
    workers = start_worker(own)
    assert own.stop() == 0
    assert gone(workers)
    assert not own.ready_file.exists()
    assert not (own.ready_file.parent / "work").exists()


def test_it_ends_when_its_standard_input_closes(own: RunningEmulator) -> None:
    workers = start_worker(own)
    assert own.process.stdin
    own.process.stdin.close()
    assert own.process.wait(timeout=60) == 0
    assert gone(workers)


def test_a_kill_leaves_no_worker_behind(own: RunningEmulator) -> None:
    workers = start_worker(own)
    own.process.kill()
    own.process.wait(timeout=60)
    assert gone(workers)


def test_what_a_killed_one_left_is_swept_by_the_next(own: RunningEmulator) -> None:
    start_worker(own)
    own.process.kill()
    own.process.wait(timeout=60)
    folder = own.ready_file.parent
    left = set((folder / "work").rglob("code.zip"))
    assert left
    own.ready_file.unlink()
    following = RunningEmulator(folder)
    try:
        assert not any(path.exists() for path in left)
    finally:
        following.stop()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "work" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    ended = command("--port", "0", "--dir", str(tmp_path))
    assert ended.returncode == 2
    assert f"{mine.parent} holds files that are not an emulator's" in ended.stderr
    assert mine.read_text() == "mine"


def test_claiming_a_folder_keeps_what_others_left_in_it(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("mine")
    with pytest.raises(WorkFolderError, match="that are not an emulator's"):
        claim(tmp_path)
    assert list(tmp_path.iterdir()) == [mine]


def test_two_do_not_work_in_one_folder(own: RunningEmulator) -> None:
    ended = command("--port", "0", "--dir", str(own.ready_file.parent))
    assert ended.returncode == 2
    assert f"process {own.process.pid} works in" in ended.stderr


def test_another_account_and_region_are_used_throughout(tmp_path: Path) -> None:
    running = RunningEmulator(tmp_path, "--account", "123456789012", "--region", "eu-central-1")
    try:
        assert running.client("sts").get_caller_identity()["Account"] == "123456789012"
        body: dict[str, Any] = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}
        stacks = running.client("cloudformation")
        arn = stacks.create_stack(StackName="s", TemplateBody=json.dumps(body))["StackId"]
        assert ":123456789012:" in arn
    finally:
        running.stop()


def test_a_taken_port_is_named_and_ends_with_2(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        ended = command("--port", port, "--dir", str(tmp_path))
    assert ended.returncode == 2
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "--port 0" in ended.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--port", "70000"), "'70000' is no port"),
        (("--port", "0", "--account", "12"), "it has 12 digits"),
        (("--port", "0", "--region", "moon"), "'moon' is no AWS region"),
    ],
)
def test_a_bad_option_is_refused_with_what_is_allowed(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    ended = command(*options, "--dir", str(tmp_path))
    assert ended.returncode == 2
    assert words in ended.stderr
