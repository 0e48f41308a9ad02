"""``make emulator``: anybody's client finds it by the file that READY names."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import boto3
import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rehearsal


def start(out: Path, ready: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "rehearsal", "emulator", f"--out={out}", f"--ready={ready}"]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_the_ready_file_is_all_that_a_client_needs(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    running = start(tmp_path / "out", ready)
    try:
        while running.poll() is None and not ready.exists():
            time.sleep(0.1)
        assert stat.S_IMODE(ready.stat().st_mode) == 0o600
        announced = json.loads(ready.read_text())
        client = boto3.client(
            "sts",
            endpoint_url=announced["endpoint_url"],
            region_name=announced["region"],
            aws_access_key_id=announced["access_key_id"],
            aws_secret_access_key=announced["secret_access_key"],
        )
        assert client.get_caller_identity()["Account"] == announced["account"]
        assert announced["pid"] > 1
    finally:
        running.send_signal(signal.SIGTERM)
        printed, _ = running.communicate(timeout=60)
    assert announced["secret_access_key"] not in printed
    assert not ready.exists()


def test_a_ready_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    running = start(tmp_path / "out", tmp_path / "absent" / "ready.json")
    printed, _ = running.communicate(timeout=120)
    assert running.returncode == 2
    assert "No such file or directory; give another file" in printed
