"""Node.js is found where it is named, and its packages are downloaded by one command alone."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from stackverdict.cli import main
from stackverdict.errors import InputError
from stackverdict.node import VARIABLE, NodeError, install, locate

if TYPE_CHECKING:
    from pathlib import Path

NPM = """#!/bin/sh
printf '%s\\n' "$PWD" "$@" >"$CALLS"
/bin/mkdir -p node_modules/@hpcc-js/wasm-graphviz
exit "${NPM_EXIT:-0}"
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm that writes down how it is called, and the only one there is; the written file."""
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(NPM)
    program.chmod(0o755)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path / "calls"


def test_setup_installs_what_is_pinned_where_it_is_looked_for(
    npm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup"]) == 0

    folder, *arguments = npm.read_text().splitlines()
    assert arguments[:3] == ["ci", "--legacy-peer-deps", "--ignore-scripts"]
    lock = json.loads((npm.parent / "data").joinpath(folder, "package-lock.json").read_text())
    pinned = [package for path, package in lock["packages"].items() if path]
    assert len(pinned) > 20
    assert all(package["integrity"].startswith("sha512-") for package in pinned)
    assert locate().node_modules.as_posix() == f"{folder}/node_modules"
    assert f"{folder}/node_modules" in capsys.readouterr().out


def test_an_npm_that_fails_is_told_with_the_folder(
    npm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NPM_EXIT", "1")
    assert main(["setup"]) == 2
    assert f"npm could not install into {npm.parent}/data" in capsys.readouterr().err


def test_without_npm_the_remedy_is_told(npm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NodeError, match=r"npm is missing.*pip install 'stackverdict\[node\]'"):
        install()
    assert not npm.exists()


@pytest.mark.usefixtures("without_lint")
def test_a_report_downloads_nothing(npm: Path, tmp_path: Path) -> None:
    template = tmp_path / "a.yaml"
    template.write_text("Resources: {A: {Type: 'AWS::SNS::Topic'}}")
    assert shutil.which("npm") is not None

    assert main([str(template), "--base", str(template), "--out", str(tmp_path / "out")]) == 0

    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert not npm.exists()
    assert "There is no picture: Node.js is missing" in page
    assert "Resources were not compared: Node.js is missing" in page
    assert "stackverdict setup" in page


def test_a_named_folder_comes_before_the_variable_and_the_variable_before_the_installed(
    npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locate().node_modules.is_relative_to(npm.parent / "data")
    monkeypatch.setenv(VARIABLE, "/variable")
    assert locate().node_modules.as_posix() == "/variable"
    assert locate(tmp_path).node_modules == tmp_path


def test_the_working_folders_packages_are_not_run_unless_they_are_named(
    npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node_modules").mkdir()
    monkeypatch.chdir(tmp_path)
    assert locate().node_modules.is_relative_to(npm.parent / "data")


def test_a_named_folder_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: is no folder of Node\.js packages"):
        locate(tmp_path / "nowhere")
