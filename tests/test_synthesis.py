"""Synthesis as CI runs it: hermetic, validated, the same bytes wherever it runs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT, SHIPPED

if TYPE_CHECKING:
    from pathlib import Path

DEVIATIONS = {
    # The emulator and many tools do not know Fn::GetStackOutput (docs/decisions/0003).
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
}


def synthesize(outdir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: os.environ[key] for key in ("PATH", "JSII_NODE") if key in os.environ}
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**inherited, "CDK_OUTDIR": str(outdir), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "validation-report.json"
    }


@pytest.mark.slow
def test_two_synths_give_the_same_bytes_for_another_user_home_and_time_zone(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first_run = synthesize(
        first, HOME=str(tmp_path), USER="ada", TZ="Asia/Tokyo", CDK_VALIDATION="false"
    )
    second_run = synthesize(
        second, HOME="/", USER="grace", TZ="America/Lima", CDK_VALIDATION="false"
    )

    assert first_run.returncode == second_run.returncode == 0, first_run.stderr + second_run.stderr
    assert digest(first) == digest(second)


def gate(assembly: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stackverdict", "gate", str(assembly)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("config", [*SHIPPED, "tests/configs/variant.toml"])
def test_every_validator_passes_and_the_gate_is_open(config: str, tmp_path: Path) -> None:
    done = synthesize(tmp_path, CONFIG=config)

    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))
    plugins = {plugin["pluginName"]: plugin for plugin in report["pluginReports"]}
    assert plugins["AwsSolutions"]["violations"] == []
    assert plugins["AwsSolutions"]["suppressedViolations"]
    judged = gate(tmp_path)
    problems = [line for line in judged.stdout.splitlines() if line.startswith("error")]
    if config == "prod":
        # Shut until somebody puts an address of theirs in the place of the example.
        assert judged.returncode == 1
        assert problems
        assert all("no-placeholder" in problem for problem in problems), problems
    else:
        assert judged.returncode == 0, judged.stdout


def test_a_bad_setting_is_refused_without_a_traceback(tmp_path: Path) -> None:
    refused = tmp_path / "bad.toml"
    refused.write_text((ROOT / "config" / "dev.toml").read_text() + '\n[query]\ncolour = "red"\n')

    done = synthesize(tmp_path / "out", CONFIG=str(refused))

    assert done.returncode == 1
    assert done.stderr == f"{refused}: query.colour: unknown key; remove it or check its spelling\n"


def test_a_region_without_the_pipelines_image_is_refused_without_a_traceback(
    tmp_path: Path,
) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    settings = (ROOT / "config" / "dev.toml").read_text()
    elsewhere.write_text(settings.replace("us-east-1", "xx-mars-9"))

    done = synthesize(tmp_path / "out", CONFIG=str(elsewhere))

    assert done.returncode == 1
    assert done.stderr.startswith("No sklearn 1.9-0 image is known in region 'xx-mars-9'; it is")
    assert done.stderr.count("\n") == 1


def test_the_feature_flags_are_the_recommended_ones_but_for_named_deviations() -> None:
    import aws_cdk  # noqa: PLC0415 - seconds to import

    (archive,) = (ROOT / aws_cdk.__path__[0] / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(archive) as tar:
        member = tar.extractfile("package/recommended-feature-flags.json")
        assert member is not None
        recommended = json.load(member)

    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]

    assert flags == {**recommended, **DEVIATIONS}
