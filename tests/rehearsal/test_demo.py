"""The whole demo, for real: from the files to the predictions, in the emulator.

Three journeys are made and many things are asserted of each: ``dev`` with the synthetic data,
``academy`` with the real data, in the folder in which three others broke down before, and
``prod`` in mode ``batch``.
"""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import boto3
import duckdb
import pytest
from jsonschema import Draft202012Validator

from rehearsal.targets.local.toolchain import NOWHERE, find_toolchain
from tests.rehearsal.running import (
    ROOT,
    Run,
    all_gone,
    finish,
    left_behind,
    rehearse,
    start,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rehearsal
REAL_DATA = ROOT.parent / "shared" / "data" / "sea-around-us"
VALUE = "CAST(CAST(SUM(landed_value) AS DOUBLE) AS DECIMAL(38,2))"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The default journey: synthetic data, nothing given."""
    return rehearse(out=tmp_path_factory.mktemp("demo") / "out")


@pytest.fixture(scope="module")
def assembly(demo: Run) -> str:
    return f"--assembly={demo.out / 'cdk.out'}"


@pytest.fixture(scope="module")
def broken_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the journeys break down, and the next one must succeed all the same."""
    return tmp_path_factory.mktemp("broken") / "out"


@pytest.fixture(scope="module")
def port_taken(broken_folder: Path, assembly: str) -> Run:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = rehearse(assembly, f"--port={port}", out=broken_folder)
    assert str(port) in run.text
    return run


@pytest.fixture(scope="module")
def emulator_killed(broken_folder: Path, assembly: str, port_taken: Run) -> Run:
    assert port_taken.code
    process = _start_anew(assembly, out=broken_folder)
    _wait_for_deploy(process, broken_folder)
    os.kill(_emulator(broken_folder), signal.SIGKILL)
    return finish(process, out=broken_folder)


@pytest.fixture(scope="module")
def interrupted(broken_folder: Path, assembly: str, emulator_killed: Run) -> Run:
    assert emulator_killed.code
    process = _start_anew(assembly, out=broken_folder)
    _wait_for_deploy(process, broken_folder)
    process.send_signal(signal.SIGINT)
    return finish(process, out=broken_folder)


@pytest.fixture(scope="module")
def again(broken_folder: Path, interrupted: Run) -> Iterator[Run]:
    """The journey after the three that broke down: the lab's, real data if there are, and kept."""
    assert interrupted.code
    data = [f"--data={REAL_DATA}"] if REAL_DATA.is_dir() else []
    run = rehearse("--config=academy", "--keep", *data, out=broken_folder)
    yield run
    if left_behind(broken_folder):
        os.kill(_emulator(broken_folder), signal.SIGKILL)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The production settings, but with a transform job in place of the endpoint."""
    folder = tmp_path_factory.mktemp("batch")
    settings = (ROOT / "config" / "prod.toml").read_text()
    table = '[pipelines.catch_value]\ndataset = "catch"\n'
    assert table in settings
    (folder / "batch.toml").write_text(settings.replace(table, f'{table}deploy = "batch"\n'))
    return rehearse(f"--config={folder / 'batch.toml'}", out=folder / "out")


@pytest.fixture
def of_real_data(again: Run) -> Run:
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real catch data is not at {REAL_DATA} (its licence forbids to ship it)")
    return again


def _start_anew(*options: str, out: Path) -> subprocess.Popen[str]:
    # Else the log of the journey before would be taken for this one's.
    (out / "logs" / "cdk-deploy.log").unlink(missing_ok=True)
    return start(*options, out=out)


def _wait_for_deploy(process: subprocess.Popen[str], out: Path) -> None:
    log = out / "logs" / "cdk-deploy.log"
    wait_for(lambda: log.exists() and "CREATE_IN_PROGRESS" in log.read_text(), process=process)


def _emulator(out: Path) -> int:
    return int(json.loads((out / "emulator" / "ready.json").read_text())["pid"])


def test_every_step_is_proved_and_the_exit_code_says_so(demo: Run) -> None:
    assert {step["status"] for step in demo.report["steps"]} == {"proved"}, demo.text
    assert demo.code == 0


def test_nothing_is_left_running(demo: Run) -> None:
    assert all_gone(demo.out), left_behind(demo.out)


def test_every_query_file_has_an_answer_with_rows(demo: Run) -> None:
    names = {file.stem for file in (ROOT / "queries" / "catch").glob("*.sql")}
    assert {query["name"] for query in demo.report["queries"]} == names
    assert {file.stem for file in (demo.out / "queries").iterdir()} == names
    for query in demo.report["queries"]:
        assert query["rows"] > 0, query
        assert query["bytes_scanned"] > 0, query
        assert query["checked"], query


def test_the_report_has_the_pipelines_steps_and_metrics(demo: Run) -> None:
    (pipeline,) = demo.report["pipelines"]
    assert {step["status"] for step in pipeline["executed"]} == {"Succeeded"}
    assert {step["level"] for step in pipeline["executed"]} == {"real"}
    names = [step["step"] for step in pipeline["executed"]]
    assert names[:3] == ["Preprocess", "Train", "Evaluate"]
    assert 0 < pipeline["metrics"]["error_ratio"] < 1


def test_predictions_stand_beside_what_was_caught(demo: Run) -> None:
    predictions = demo.report["predictions"]
    assert len(predictions) >= 10
    assert len({prediction["predicted"] for prediction in predictions}) > 1
    first, last = demo.report["pipelines"][0]["metrics"]["test_range"]
    for prediction in predictions:
        assert prediction["predicted"] > 0
        assert prediction["actual"] > 0
        assert first <= prediction["record"]["year"] <= last


def test_every_resource_bears_a_level(demo: Run) -> None:
    resources = demo.report["resources"]
    assert {"stack", "logical_id", "type", "level"} == set(resources[0])
    levels = {resource["type"]: resource["level"] for resource in resources}
    assert levels["AWS::S3::Bucket"] == "real"
    assert set(levels.values()) <= {"real", "control plane", "record only"}


def test_the_report_measures_memory_and_names_versions(demo: Run) -> None:
    assert demo.report["figures"]["emulator"]["peak_memory_bytes"] > 50e6
    assert demo.report["figures"]["versions"]["aws-cdk"] == "2.1148.1"
    jobs = [job["name"] for job in demo.report["figures"]["jobs"]]
    assert len(jobs) >= 3, jobs


def test_the_cdk_cli_takes_it_down_and_only_source_data_stays(demo: Run) -> None:
    proved = demo.step("cdk destroy")["proved"]

    assert proved.startswith("7 stacks and 4 things that no stack owns are deleted")
    assert "sourcebucket" in proved
    assert proved.endswith("with 3 objects stays")


def test_the_report_is_as_its_schema_says(demo: Run) -> None:
    schema = json.loads((ROOT / "rehearsal" / "reporting" / "report.schema.json").read_text())
    problems = [error.message for error in Draft202012Validator(schema).iter_errors(demo.report)]
    assert demo.report["steps"]
    assert problems == []


def test_the_page_needs_no_network_and_shows_every_answer(demo: Run) -> None:
    page = (demo.out / "index.html").read_text()
    assert "every step proved what it says" in page
    assert not re.search(r"(src|href)=\"(https?:|//)|<script|@import|url\(", page)
    for query in demo.report["queries"]:
        assert f'id="q-{query["name"]}"' in page
    assert page.count("predicted against actual") >= 2


def test_the_tables_of_the_demo_are_printed(demo: Run) -> None:
    for word in ("Answers", "naive baseline", "Predictions", "Fidelity", "value_eez_catch"):
        assert word in demo.text


def test_what_is_rehearsed_is_what_cdk_synth_writes(demo: Run, tmp_path: Path) -> None:
    tools = find_toolchain()
    subprocess.run(
        [tools.cdk, "synth", "--quiet", "--no-notices", f"--output={tmp_path / 'cdk.out'}"],
        env={
            **tools.environment(home=demo.out / "home", endpoint=NOWHERE, region="us-east-1"),
            "CONFIG": "dev",
            "CDK_VALIDATION": "false",
        },
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    written = {file.name: file.read_text() for file in tmp_path.glob("cdk.out/*.template.json")}
    assert written == {
        file.name: file.read_text() for file in demo.out.glob("cdk.out/*.template.json")
    }


def test_a_port_that_is_taken_is_named_and_no_step_after_it_runs(port_taken: Run) -> None:
    assert port_taken.code == 1
    assert port_taken.step("start the emulator")["status"] == "failed"
    assert port_taken.step("cdk deploy")["status"] == "skipped"
    assert "Traceback" not in port_taken.text


def test_an_emulator_killed_in_mid_deploy_is_said_to_be_the_reason(emulator_killed: Run) -> None:
    assert emulator_killed.code == 1
    assert "the understudy has ended (exit code -9)" in emulator_killed.step("cdk deploy")["proved"]
    assert emulator_killed.step("upload")["status"] == "skipped"


def test_ctrl_c_ends_with_130_and_a_report(interrupted: Run) -> None:
    assert interrupted.code == 130
    assert interrupted.step("cdk deploy")["proved"] == "interrupted"
    assert "nothing is left running" in interrupted.text


def test_a_journey_succeeds_where_others_broke_down(again: Run) -> None:
    assert again.code == 0, again.text


def test_the_real_data_gives_the_answers_of_duckdb_on_the_files(of_real_data: Run) -> None:
    files = {kind: str(next(REAL_DATA.glob(f"*{kind}*.parquet"))) for kind in ("EEZ", "HighSeas")}
    expected = duckdb.execute(
        f"SELECT year, country, {VALUE} FROM read_parquet(?) "  # noqa: S608 - the lab's own text
        "WHERE country = 'Fiji' AND year > 2000 AND area_name LIKE '%Fiji%' "
        "GROUP BY year, country ORDER BY year",
        [files["EEZ"]],
    ).fetchall()
    with (of_real_data.out / "queries" / "value_eez_catch.csv").open() as file:
        header, *rows = csv.reader(file)
    assert [name.lower() for name in header] == ["year", "country", "valueeezcatch"]
    assert rows == [[str(year), who, str(value)] for year, who, value in expected]


def test_the_real_model_beats_the_naive_baseline(of_real_data: Run) -> None:
    assert of_real_data.report["pipelines"][0]["metrics"]["error_ratio"] < 0.8


def test_a_kept_emulator_answers_and_the_cdk_sees_no_difference(again: Run) -> None:
    file = again.out / "emulator" / "aws.env"
    assert f". {file}" in again.text
    exports = dict(
        line.removeprefix("export ").split("=", 1)
        for line in file.read_text().splitlines()
        if line.startswith("export ")
    )
    assert exports["AWS_SECRET_ACCESS_KEY"] not in again.text
    assert file.stat().st_mode & 0o077 == 0
    s3 = boto3.client(
        "s3",
        endpoint_url=exports["AWS_ENDPOINT_URL"],
        aws_access_key_id=exports["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=exports["AWS_SECRET_ACCESS_KEY"],
        region_name=exports["AWS_REGION"],
    )
    assert "data-source-48151" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    diff = subprocess.run(
        ["bash", "-c", f". {file}\ncdk diff --no-notices --fail --app={again.out / 'cdk.out'}"],
        env={"HOME": str(again.out / "home"), "PATH": "/usr/bin:/bin"},
        cwd=again.out,
        capture_output=True,
        text=True,
        check=False,
    )
    assert diff.returncode == 0, diff.stdout + diff.stderr


def test_a_kept_emulator_keeps_its_folder(again: Run) -> None:
    run = rehearse(out=again.out)
    assert run.code == 2
    assert "an emulator that was kept still works in" in run.text


def test_the_kept_emulator_ends_as_the_exports_say(again: Run) -> None:
    (line,) = [line for line in again.text.splitlines() if "to stop the emulator" in line]
    os.kill(int(line.rpartition(" ")[2]), signal.SIGTERM)
    assert all_gone(again.out), left_behind(again.out)


def test_in_batch_mode_the_answers_are_a_table_and_nothing_serves(batch: Run) -> None:
    assert batch.code == 0, batch.text
    assert "as evaluated" in batch.step("predictions")["proved"]
    assert len(batch.report["predictions"]) >= 10
    assert all(prediction["actual"] > 0 for prediction in batch.report["predictions"])
    assert all(step["name"] != "endpoint" for step in batch.report["steps"])


def test_the_production_settings_encrypt_results_with_the_platforms_key(batch: Run) -> None:
    assert "(aws:kms)" in batch.step("workgroup")["proved"]


def test_kept_data_is_protected_from_cdk_destroy(batch: Run) -> None:
    proved = batch.step("cdk destroy")["proved"]

    assert proved == "termination protection refused it: 7 stacks and their data stay"
