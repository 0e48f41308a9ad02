"""What a stranger is told works: the README's examples, the help, and the exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import stackverdict
from stackverdict import Finding, Gate, InputError, Report, review, write_report
from stackverdict.cli import main

HOME = Path(__file__).parents[1]
README = (HOME / "README.md").read_text(encoding="utf-8")
TEMPLATES = Path(__file__).parent / "templates"


@pytest.mark.usefixtures("without_lint")
def test_the_readmes_example_runs_and_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    template = re.search(r"```yaml\n(# template\.yaml\n.*?)```", README, re.DOTALL)
    example = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    assert template
    assert example
    (tmp_path / "template.yaml").write_text(template[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    exec(compile(example[1], "README.md", "exec"), {})  # noqa: S102 - our own example

    assert capsys.readouterr().out == example[2]
    assert sorted(path.name for path in (tmp_path / "review").iterdir()) == [
        "index.html",
        "review.json",
        "review.md",
    ]


def test_every_public_name_is_there_documented_and_in_the_readme() -> None:
    assert len(stackverdict.__all__) == 9
    for name in stackverdict.__all__:
        assert getattr(stackverdict, name).__doc__
        assert f"`{name}" in README or f" {name}" in README, name


def test_the_readme_tells_every_option_and_every_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    text = capsys.readouterr().out
    options = set(re.findall(r"--[a-z-]+", text)) - {"--help", "--version"}

    assert ended.value.code == 0
    assert len(options) == 10
    assert [option for option in options if f"`{option}" not in README] == []
    for code in ("0", "1", "2"):
        assert re.search(rf"^  {code}  ", text, re.MULTILINE)
        assert re.search(rf"^\| {code} \| ", README, re.MULTILINE)


@pytest.mark.parametrize("command", ["gate", "setup"])
def test_a_commands_help_says_what_it_does(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: stackverdict {command}" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    version = metadata.version("stackverdict")
    assert capsys.readouterr().out.strip() == version
    assert f"## {version}" in (HOME / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_module_is_the_command() -> None:
    process = subprocess.run(
        [sys.executable, "-m", "stackverdict", "gate", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith("stackverdict: nowhere: is not there")


@pytest.mark.usefixtures("without_lint")
def test_a_report_has_its_verdict_its_findings_and_what_breaks_the_gate() -> None:
    report = review(TEMPLATES / "tls-only-bucket" / "fail.yaml", gate=Gate(), pictures=False)

    assert isinstance(report, Report)
    assert report.verdict.state == "stop"
    assert report.verdict is report.verdict
    assert all(isinstance(finding, Finding) for finding in report.findings)
    assert report.breaches == [f"{report.count('error')} open errors; 0 allowed"]
    assert report.title == "fail.yaml"


@pytest.mark.usefixtures("without_lint")
def test_a_baseline_is_compared_and_named(tmp_path: Path) -> None:
    rule = TEMPLATES / "tags"
    report = review(rule / "pass.yaml", base=rule / "fail.yaml", base_name="main", pictures=False)
    write_report(report, tmp_path)

    data = json.loads((tmp_path / "review.json").read_text(encoding="utf-8"))
    assert data["changes"]["base"] == "main"
    assert "Compared with main." in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("without_lint")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    report = review(TEMPLATES / "budget" / "pass.yaml", pictures=False)
    with pytest.raises(InputError, match=r"file: the report cannot be written: File exists"):
        write_report(report, tmp_path / "file")
