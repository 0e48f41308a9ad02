"""Training jobs in script mode: channels from S3, the script, the model to S3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.containers.archives import unpack
from aws_understudy.services.sagemaker.containers.failures import (
    LONGEST_REASON,
    JobFailedError,
    require_success,
)
from aws_understudy.services.sagemaker.containers.images import local_runtime
from aws_understudy.services.sagemaker.containers.machine import Machine
from aws_understudy.services.sagemaker.containers.outputs import pack, tail_of
from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.jobs.job import JobKind
from aws_understudy.services.sagemaker.jobs.rules import check_machine, check_script_mode
from aws_understudy.services.sagemaker.jobs.script_mode import ScriptMode

if TYPE_CHECKING:
    from pathlib import Path

    from aws_understudy.services.sagemaker.containers.tools import Tools
    from aws_understudy.services.sagemaker.jobs.job import Job


def check(request: dict[str, Any], tools: Tools) -> str:
    """Refuse what no local process can do.

    Raises:
        AwsError: another image than scikit-learn, several instances, no script, other inputs.
    """
    if "InstanceType" not in request["ResourceConfig"]:
        raise invalid("The emulator trains on one InstanceType; instance groups it has not.")
    check_machine(request["ResourceConfig"])
    tools.containers.check(_machine(request))
    algorithm = request.get("AlgorithmSpecification", {})
    if "TrainingImage" not in algorithm:
        raise invalid(
            "The emulator trains with a TrainingImage; marketplace algorithms it has not."
        )
    if request.get("ResourceConfig", {}).get("InstanceCount", 1) != 1:
        raise invalid("The emulator trains on one instance; InstanceCount must be 1.")
    check_script_mode(request.get("HyperParameters", {}))
    if "sagemaker_program" not in request.get("HyperParameters", {}):
        raise invalid(
            "Script mode needs the hyperparameters sagemaker_program and "
            "sagemaker_submit_directory; there are: "
            f"{', '.join(request.get('HyperParameters', {})) or 'none'}."
        )
    for channel in request.get("InputDataConfig", []):
        if (
            "S3DataSource" not in channel["DataSource"]
            or channel.get("InputMode", "File") != "File"
        ):
            raise invalid(f"Channel {channel['ChannelName']!r} must be S3 in File mode here.")
    return local_runtime(algorithm["TrainingImage"]).note


def run(job: Job, tools: Tools) -> None:
    """Run the job to its end.

    Raises:
        JobFailedError: it failed; JobStoppedError: it was stopped.
    """
    ml, machine = job.folder / "ml", _machine(job.request)
    for channel in job.request.get("InputDataConfig", []):
        target = ml / "input" / "data" / channel["ChannelName"]
        tools.objects.download(channel["DataSource"]["S3DataSource"]["S3Uri"], target)
    for name in ("model", "output/data", "code"):
        (ml / name).mkdir(parents=True, exist_ok=True)
    mode = ScriptMode(request=job.request, job_name=job.name, region=tools.context.region)
    _unpack_code(tools, mode.submit_directory, ml / "code", machine=machine)
    mode.write_configuration(ml / "input" / "config")
    log = job.folder / "log.txt"
    log.write_text(f"[emulator] {job.note}; {tools.containers.note}\n")
    shipper = tools.ship("TrainingJobs", f"{job.name}/algo-1", log)
    ended = tools.containers.run(
        mode.command(),
        folder=ml,
        log=log,
        environment=mode.environment(),
        machine=machine,
        stop=job.stop,
        working_folder="/opt/ml/code",
        timeout=job.request["StoppingCondition"].get("MaxRuntimeInSeconds", 86400),
        tick=shipper.flush,
    )
    shipper.flush()
    job.peak_rss_bytes = ended.peak_rss_bytes
    reason = tail_of(ml / "output" / "failure", root=ml, most=LONGEST_REASON)
    require_success(ended, log=log, reason=reason)
    _upload(job, tools, ml)
    _collect_metrics(job, log)


def _machine(request: dict[str, Any]) -> Machine:
    resources = request["ResourceConfig"]
    return Machine(
        instance_type=resources["InstanceType"],
        volume_gib=resources["VolumeSizeInGB"],
        network=not request.get("EnableNetworkIsolation", False),
    )


def _unpack_code(tools: Tools, uri: str, folder: Path, *, machine: Machine) -> None:
    disk = machine.limits().disk_bytes
    unpack(tools.objects.read(uri), folder, uri=uri, of="code", disk_bytes=disk)
    if (folder / "requirements.txt").is_file():
        raise JobFailedError(
            "The code has a requirements.txt, which the image would install; the emulator "
            "installs nothing. Use what the image brings."
        )


def _upload(job: Job, tools: Tools, ml: Path) -> None:
    output = job.request["OutputDataConfig"]
    prefix = f"{output['S3OutputPath'].rstrip('/')}/{job.name}/output"
    for folder, name in ((ml / "model", "model.tar.gz"), (ml / "output" / "data", "output.tar.gz")):
        archive = job.folder / name
        if not pack(folder, archive, root=ml) and name == "output.tar.gz":
            continue
        with archive.open("rb") as content:
            tools.objects.write(f"{prefix}/{name}", content, kms_key=output.get("KmsKeyId", ""))
    job.result["ModelArtifacts"] = {"S3ModelArtifacts": f"{prefix}/model.tar.gz"}


def _collect_metrics(job: Job, log: Path) -> None:
    text = log.read_text(errors="replace")
    metrics = []
    for definition in job.request["AlgorithmSpecification"].get("MetricDefinitions", []):
        values = re.findall(definition["Regex"], text)
        if values:
            metrics.append({"MetricName": definition["Name"], "Value": float(values[-1])})
    if metrics:
        job.result["FinalMetricDataList"] = [
            {**metric, "Timestamp": job.started} for metric in metrics
        ]


TRAINING = JobKind(word="Training", check=check, run=run)
