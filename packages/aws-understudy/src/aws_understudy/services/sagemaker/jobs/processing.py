"""Processing jobs: inputs from S3, one command, outputs to S3."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.containers.failures import JobFailedError, require_success
from aws_understudy.services.sagemaker.containers.images import local_runtime
from aws_understudy.services.sagemaker.containers.machine import Machine
from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.jobs.job import JobKind
from aws_understudy.services.sagemaker.jobs.rules import check_machine

if TYPE_CHECKING:
    from pathlib import Path

    from aws_understudy.services.sagemaker.containers.tools import Tools
    from aws_understudy.services.sagemaker.jobs.job import Job

_ROOT = PurePosixPath("/opt/ml/processing")


def check(request: dict[str, Any], tools: Tools) -> str:
    """Refuse what no local process can do.

    Raises:
        AwsError: another image than scikit-learn, several instances, or data not in S3.
    """
    check_machine(request["ProcessingResources"]["ClusterConfig"])
    tools.containers.check(_machine(request))
    if request["ProcessingResources"].get("ClusterConfig", {}).get("InstanceCount", 1) != 1:
        raise invalid("The emulator runs processing jobs on one instance; InstanceCount must be 1.")
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    for item in (*request.get("ProcessingInputs", []), *outputs):
        name = item.get("InputName") or item.get("OutputName")
        s3 = item.get("S3Input") or item.get("S3Output")
        if not s3:
            raise invalid(f"The emulator reads and writes S3 alone; {name!r} is something else.")
        local = PurePosixPath(s3.get("LocalPath", ""))
        if not local.is_relative_to(_ROOT) or ".." in local.parts:
            raise invalid(f"LocalPath of {name!r} is {str(local)!r}; it must be below {_ROOT}.")
    if not request["AppSpecification"].get("ContainerEntrypoint"):
        raise invalid(
            "The scikit-learn image has no entry point for processing; set ContainerEntrypoint."
        )
    return local_runtime(request["AppSpecification"]["ImageUri"]).note


def run(job: Job, tools: Tools) -> None:
    """Run the job to its end.

    Raises:
        JobFailedError: it failed; JobStoppedError: it was stopped.
    """
    request, ml = job.request, job.folder / "ml"
    for item in request.get("ProcessingInputs", []):
        source = item["S3Input"]
        if source.get("S3DataType", "S3Prefix") != "S3Prefix":
            raise JobFailedError(f"S3DataType {source['S3DataType']} is not run here.")
        tools.objects.download(source["S3Uri"], _local(ml, source["LocalPath"]))
    outputs = request.get("ProcessingOutputConfig", {})
    for item in outputs.get("Outputs", []):
        _local(ml, item["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
    _write_configuration(ml, job)
    log = job.folder / "log.txt"
    log.write_text(f"[emulator] {job.note}; {tools.containers.note}\n")
    shipper = tools.ship("ProcessingJobs", f"{job.name}/algo-1", log)
    app = request["AppSpecification"]
    ended = tools.containers.run(
        [*app["ContainerEntrypoint"], *app.get("ContainerArguments", [])],
        folder=ml,
        log=log,
        environment={"PROCESSING_JOB_NAME": job.name, **request.get("Environment", {})},
        machine=_machine(request),
        stop=job.stop,
        timeout=request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", 86400),
        tick=shipper.flush,
    )
    shipper.flush()
    job.peak_rss_bytes = ended.peak_rss_bytes
    require_success(ended, log=log)
    for item in outputs.get("Outputs", []):
        target = item["S3Output"]
        folder = _local(ml, target["LocalPath"])
        key = outputs.get("KmsKeyId", "")
        tools.objects.upload(folder, target["S3Uri"], root=ml, kms_key=key)


def _machine(request: dict[str, Any]) -> Machine:
    cluster = request["ProcessingResources"]["ClusterConfig"]
    isolated = request.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
    return Machine(
        instance_type=cluster["InstanceType"],
        volume_gib=cluster["VolumeSizeInGB"],
        network=not isolated,
    )


def _local(ml: Path, path: str) -> Path:
    return ml / PurePosixPath(path).relative_to("/opt/ml")


def _write_configuration(ml: Path, job: Job) -> None:
    folder = ml / "config"
    folder.mkdir(parents=True, exist_ok=True)
    hosts = {"current_host": "algo-1", "hosts": ["algo-1"]}
    (folder / "resourceconfig.json").write_text(json.dumps(hosts))
    (folder / "processingjobconfig.json").write_text(
        json.dumps({"ProcessingJobArn": job.arn, "ProcessingJobName": job.name, **job.request})
    )


PROCESSING = JobKind(word="Processing", check=check, run=run)
