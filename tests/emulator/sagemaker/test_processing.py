from __future__ import annotations

import json
import os
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.sagemaker.conftest import IMAGE, ROLE, Harness, until

if TYPE_CHECKING:
    from pathlib import Path

COPY = """
import os, pathlib, sys
source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
target.joinpath("copy.txt").write_text(source.joinpath("deep", "a.txt").read_text().upper())
print("copied")
"""


def request(emulated: Harness, script: str, **more: Any) -> dict[str, Any]:
    name = f"job-{uuid.uuid4().hex[:8]}"
    code = emulated.put(f"s3://code/{name}.py", script)
    folder = "/opt/ml/processing"
    source = {"LocalPath": f"{folder}/code", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {
        "ProcessingJobName": name,
        "RoleArn": ROLE,
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 1,
            }
        },
        "AppSpecification": {
            "ImageUri": IMAGE,
            "ContainerEntrypoint": ["python3", f"{folder}/code/{name}.py"],
            "ContainerArguments": [f"{folder}/in", f"{folder}/out"],
        },
        "ProcessingInputs": [{"InputName": "code", "S3Input": {"S3Uri": code, **source}}],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "out",
                    "S3Output": {
                        "S3Uri": f"s3://out/{name}",
                        "LocalPath": f"{folder}/out",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
        **more,
    }


def ended(emulated: Harness, asked: dict[str, Any]) -> dict[str, Any]:
    name = asked["ProcessingJobName"]
    emulated.sagemaker.create_processing_job(**asked)
    until(
        lambda: told(emulated, name)["ProcessingJobStatus"] not in {"InProgress", "Stopping"}, name
    )
    return told(emulated, name)


def told(emulated: Harness, name: str) -> dict[str, Any]:
    described: dict[str, Any] = emulated.sagemaker.describe_processing_job(ProcessingJobName=name)
    return described


def printed(emulated: Harness, name: str) -> list[str]:
    found = emulated.client("logs").get_log_events(
        logGroupName="/aws/sagemaker/ProcessingJobs", logStreamName=f"{name}/algo-1"
    )
    return [event["message"] for event in found["events"]]


def test_a_job_reads_from_s3_and_writes_to_s3(emulated: Harness) -> None:
    asked = request(emulated, COPY)
    prefix = emulated.put("s3://data/below/deep/a.txt", "fish").removesuffix("deep/a.txt")
    asked["ProcessingInputs"].append(
        {
            "InputName": "in",
            "S3Input": {
                "S3Uri": prefix,
                "LocalPath": "/opt/ml/processing/in",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }
    )
    job = ended(emulated, asked)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert emulated.get(f"s3://out/{asked['ProcessingJobName']}/copy.txt") == "FISH"


def test_what_a_job_prints_is_in_cloudwatch_logs_with_a_note_on_the_image(
    emulated: Harness,
) -> None:
    asked = request(emulated, "print('hello from the job')")
    ended(emulated, asked)
    lines = printed(emulated, asked["ProcessingJobName"])
    assert "hello from the job" in lines
    assert "image tag 1.9-0-cpu-py3 replaced by Python" in lines[0]


def test_a_failed_job_tells_its_last_words(emulated: Harness) -> None:
    job = ended(emulated, request(emulated, "import sys; sys.exit('no fish in the data')"))
    assert job["ProcessingJobStatus"] == "Failed"
    assert "exit code 1. " in job["FailureReason"]
    assert "no fish in the data" in job["FailureReason"]


def test_a_failed_job_writes_no_output(emulated: Harness) -> None:
    script = "open('/tmp/x','w') if 0 else None\nimport sys, pathlib\n"
    script += "pathlib.Path(sys.argv[2], 'half.txt').write_text('half'); sys.exit(1)"
    asked = request(emulated, script)
    ended(emulated, asked)
    found = emulated.client("s3").list_objects_v2(Bucket="out", Prefix=asked["ProcessingJobName"])
    assert found["KeyCount"] == 0


def test_a_job_that_runs_too_long_is_ended(emulated: Harness) -> None:
    asked = request(
        emulated,
        "import time; time.sleep(600)",
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    job = ended(emulated, asked)
    assert job["ProcessingJobStatus"] == "Failed"
    assert "MaxRuntimeExceeded" in job["FailureReason"]


def test_a_stopped_job_ends_with_all_that_it_started(emulated: Harness, tmp_path: Path) -> None:
    mark = tmp_path / "pids"
    script = (
        "import os, pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(mark)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(600)"
    )
    asked = request(emulated, script)
    name = asked["ProcessingJobName"]
    emulated.sagemaker.create_processing_job(**asked)
    pids = until(lambda: mark.exists() and mark.read_text().split(), "the job's start")
    emulated.sagemaker.stop_processing_job(ProcessingJobName=name)
    until(lambda: told(emulated, name)["ProcessingJobStatus"] == "Stopped", "the job's end")
    until(lambda: not any(is_alive(int(pid)) for pid in pids), "the end of its processes")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_job_gets_nothing_of_the_users_environment(
    emulated: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of the user")
    monkeypatch.setenv("MY_SECRET", "of the user")
    script = "import json, os, pathlib, sys\n"
    script += "pathlib.Path(sys.argv[2], 'e.json').write_text(json.dumps(dict(os.environ)))"
    asked = request(emulated, script, Environment={"MODE": "test"})
    ended(emulated, asked)
    found = json.loads(emulated.get(f"s3://out/{asked['ProcessingJobName']}/e.json"))
    assert "of the user" not in found.values()
    assert found["HOME"] != os.environ["HOME"]
    assert found["AWS_ENDPOINT_URL"] == emulated.url
    assert found["MODE"] == "test"


def test_the_memory_of_a_job_is_its_own(emulated: Harness) -> None:
    asked = request(emulated, "import time; held = b'x' * 150_000_000; time.sleep(0.4)")
    ended(emulated, asked)
    (stat,) = [s for s in emulated.service.job_stats() if s["name"] == asked["ProcessingJobName"]]
    assert 150_000_000 < stat["peak_rss_bytes"] < 250_000_000
    assert stat["status"] == "Completed"


def test_opt_ml_is_the_jobs_alone(emulated: Harness, mounted: bool) -> None:  # noqa: FBT001 - fixture
    script = "import os; print('seen', os.path.isdir('/opt/ml/processing'))"
    asked = request(emulated, script)
    ended(emulated, asked)
    assert f"seen {mounted}" in printed(emulated, asked["ProcessingJobName"])


def test_an_input_that_is_not_there_is_named(emulated: Harness) -> None:
    asked = request(emulated, "")
    asked["ProcessingInputs"][0]["S3Input"]["S3Uri"] = "s3://data/nothing-here"
    job = ended(emulated, asked)
    assert job["FailureReason"] == "No object lies under s3://data/nothing-here."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {
                "AppSpecification": {
                    "ImageUri": "x/xgboost:3",
                    "ContainerEntrypoint": ["a"],
                }
            },
            "no local runtime for image",
        ),
        ({"AppSpecification": {"ImageUri": IMAGE}}, "set ContainerEntrypoint"),
        (
            {
                "ProcessingResources": {
                    "ClusterConfig": {
                        "InstanceCount": 2,
                        "InstanceType": "ml.m5.large",
                        "VolumeSizeInGB": 1,
                    }
                }
            },
            "InstanceCount must be 1",
        ),
    ],
)
def test_what_cannot_be_run_is_refused(
    emulated: Harness, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(ClientError, match=said):
        emulated.sagemaker.create_processing_job(**request(emulated, "", **change))


def test_a_path_outside_of_the_job_is_refused(emulated: Harness) -> None:
    asked = request(emulated, "")
    asked["ProcessingInputs"][0]["S3Input"]["LocalPath"] = "/opt/ml/processing/../../../etc"
    with pytest.raises(ClientError, match="must be below"):
        emulated.sagemaker.create_processing_job(**asked)


def test_a_name_is_taken_once(emulated: Harness) -> None:
    asked = request(emulated, "")
    ended(emulated, asked)
    with pytest.raises(emulated.sagemaker.exceptions.ResourceInUse):
        emulated.sagemaker.create_processing_job(**asked)


def test_a_job_that_is_not_there_is_not_found(emulated: Harness) -> None:
    with pytest.raises(emulated.sagemaker.exceptions.ResourceNotFound):
        told(emulated, "nobody")


def test_jobs_are_listed_the_newest_first(emulated: Harness) -> None:
    names = [request(emulated, "") for _ in range(2)]
    for asked in names:
        ended(emulated, asked)
    found = emulated.sagemaker.list_processing_jobs(StatusEquals="Completed")
    listed = [job["ProcessingJobName"] for job in found["ProcessingJobSummaries"]]
    assert listed[:2] == [asked["ProcessingJobName"] for asked in reversed(names)]


@pytest.mark.parametrize("action", ["create_auto_ml_job", "create_hyper_parameter_tuning_job"])
def test_a_job_kind_that_nobody_runs_is_not_recorded_as_done(
    emulated: Harness, action: str
) -> None:
    requests: dict[str, dict[str, Any]] = {
        "create_auto_ml_job": {
            "AutoMLJobName": "x",
            "InputDataConfig": [{"TargetAttributeName": "y"}],
            "OutputDataConfig": {"S3OutputPath": "s3://out"},
            "RoleArn": ROLE,
        },
        "create_hyper_parameter_tuning_job": {
            "HyperParameterTuningJobName": "x",
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "ResourceLimits": {"MaxParallelTrainingJobs": 1},
            },
        },
    }
    with pytest.raises(ClientError, match="nothing was done"):
        getattr(emulated.sagemaker, action)(**requests[action])
