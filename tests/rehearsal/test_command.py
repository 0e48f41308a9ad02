"""Promises of the command line: each mistake gives its message and its exit code, no traceback."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pathlib
from typing import TYPE_CHECKING

import pytest

from rehearsal.command import main

if TYPE_CHECKING:
    from pathlib import Path


def test_an_unknown_configuration_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", "nowhere", "--out", str(tmp_path / "out")]) == 2
    assert "academy, dev, prod" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unknown_setting_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.toml").write_text('name = "capstone-mine"\ncolour = "blue"\n')
    assert main(["--config", str(tmp_path / "mine.toml"), "--out", str(tmp_path / "out")]) == 2
    assert "colour: unknown key" in capsys.readouterr().err


def test_a_missing_data_folder_fails_the_first_step_and_leaves_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["--data", str(tmp_path / "nowhere"), "--out", str(out)]) == 1
    shown = capsys.readouterr().out
    assert "no such folder" in shown
    assert "Traceback" not in shown
    report = json.loads((out / "report.json").read_text())
    assert report["steps"][0]["status"] == "failed"
    assert {step["status"] for step in report["steps"][1:]} == {"skipped"}
    assert not (out / "logs").exists()


def test_two_rehearsals_do_not_write_to_one_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["--out", str(tmp_path)]) == 2
    assert "another rehearsal is writing" in capsys.readouterr().err


def test_an_out_folder_that_cannot_be_made_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file" / "out")]) == 2
    shown = capsys.readouterr().err
    assert f"--out {tmp_path}/file/out: cannot write there (Not a directory" in shown
    assert "python -m rehearsal --out FOLDER" in shown


def test_a_lock_that_cannot_be_opened_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".lock").mkdir()
    assert main(["--out", str(tmp_path)]) == 2
    assert f"(Is a directory: {tmp_path}/.lock)" in capsys.readouterr().err


@pytest.mark.parametrize("method", ["mkdir", "unlink"])
@pytest.mark.parametrize("command", ["demo", "emulator"])
def test_a_read_only_clone_gets_a_message(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    command: str,
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(pathlib.Path, method, refuse)
    assert main([command, "--out", str(tmp_path)]) == 2
    shown = capsys.readouterr().err
    assert "cannot write there (Read-only file system: " in shown
    assert "python -m rehearsal --out FOLDER" in shown


def test_a_full_disk_gets_a_message_where_not_even_the_report_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(pathlib.Path, "write_text", refuse)
    assert main(["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path)]) == 1
    assert f"{tmp_path}/report.json: No space left on device" in capsys.readouterr().err


def test_only_what_a_rehearsal_writes_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "old.csv").write_text("gone")
    main(["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path)])
    assert (tmp_path / "mine.txt").read_text() == "kept"
    assert not (tmp_path / "queries").exists()


@pytest.mark.parametrize("option", ["--keep", "--port=5000", "--assembly=cdk.out"])
def test_options_of_the_emulator_are_refused_for_a_real_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert main(["--target", "aws", option, "--out", str(tmp_path / "out")]) == 2
    assert "for --target local only" in capsys.readouterr().err


def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--port", "70000"])
    assert ended.value.code == 2
    assert "allowed are 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--data", "--assembly", "--out"])
@pytest.mark.parametrize("value", ["a\0b", "x" * 5000])
def test_a_path_that_no_file_could_have_is_refused(
    capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"{option}={value}"])
    assert ended.value.code == 2
    assert f"argument {option}: " in capsys.readouterr().err


def test_the_home_of_nobody_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data=~nobody-of-that-name/data"])
    assert ended.value.code == 2
    assert "begins with no user's home" in capsys.readouterr().err
