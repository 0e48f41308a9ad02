"""What the training toolkit of SageMaker's framework images gives to a script."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

_INPUT: Final = "/opt/ml/input"
_HOST: Final = "algo-1"


def _decoded(text: str) -> Any:
    # Hyperparameters travel as strings; the toolkit reads each as JSON where it is JSON.
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


@dataclass(frozen=True, kw_only=True)
class ScriptMode:
    """The command, the environment and the files of one training job."""

    request: dict[str, Any]
    job_name: str
    region: str

    @property
    def submit_directory(self) -> str:
        """S3 URI of the archive of code."""
        return str(_decoded(self.request["HyperParameters"]["sagemaker_submit_directory"]))

    def command(self) -> list[str]:
        """The script with its hyperparameters as arguments, in the order of their names."""
        program = str(_decoded(self.request["HyperParameters"]["sagemaker_program"]))
        return ["python3", program, *self._arguments()]

    def environment(self) -> dict[str, str]:
        """The ``SM_*`` variables."""
        hyperparameters = self._hyperparameters()
        channels = self._channels()
        return {
            "TRAINING_JOB_NAME": self.job_name,
            "SM_MODEL_DIR": "/opt/ml/model",
            "SM_INPUT_DIR": _INPUT,
            "SM_INPUT_CONFIG_DIR": f"{_INPUT}/config",
            "SM_OUTPUT_DIR": "/opt/ml/output",
            "SM_OUTPUT_DATA_DIR": "/opt/ml/output/data",
            "SM_CHANNELS": json.dumps(sorted(channels)),
            **{f"SM_CHANNEL_{name.upper()}": f"{_INPUT}/data/{name}" for name in channels},
            "SM_HPS": json.dumps(hyperparameters),
            **{
                f"SM_HP_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
                for name, value in hyperparameters.items()
            },
            "SM_USER_ARGS": json.dumps(self._arguments()),
            "SM_USER_ENTRY_POINT": self.command()[1],
            "SM_MODULE_NAME": self.command()[1].removesuffix(".py"),
            "SM_MODULE_DIR": self.submit_directory,
            "SM_HOSTS": json.dumps([_HOST]),
            "SM_CURRENT_HOST": _HOST,
            "SM_NUM_CPUS": str(os.cpu_count() or 1),
            "SM_NUM_GPUS": "0",
            "SM_NETWORK_INTERFACE_NAME": "lo",
            "SM_LOG_LEVEL": str(
                self.request["HyperParameters"].get("sagemaker_container_log_level", "20")
            ),
            "SM_FRAMEWORK_MODULE": "sagemaker_sklearn_container.training:main",
            "SM_RESOURCE_CONFIG": json.dumps(self._resources()),
            "SM_INPUT_DATA_CONFIG": json.dumps(channels),
            "AWS_REGION": self.region,
            **self.request.get("Environment", {}),
        }

    def write_configuration(self, folder: Path) -> None:
        """Write the three files that every training container finds."""
        folder.mkdir(parents=True, exist_ok=True)
        files = {
            "hyperparameters.json": self.request["HyperParameters"],
            "resourceconfig.json": self._resources(),
            "inputdataconfig.json": self._channels(),
        }
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content))

    def _hyperparameters(self) -> dict[str, Any]:
        parameters = self.request["HyperParameters"]
        return {
            k: _decoded(parameters[k]) for k in sorted(parameters) if not k.startswith("sagemaker_")
        }

    def _arguments(self) -> list[str]:
        return [
            word
            for name, value in self._hyperparameters().items()
            for word in (f"--{name}", value if isinstance(value, str) else json.dumps(value))
        ]

    def _channels(self) -> dict[str, dict[str, str]]:
        return {
            channel["ChannelName"]: {
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": "None",
                **({"ContentType": channel["ContentType"]} if "ContentType" in channel else {}),
            }
            for channel in self.request.get("InputDataConfig", [])
        }

    def _resources(self) -> dict[str, Any]:
        kind = self.request["ResourceConfig"].get("InstanceType", "local")
        group = {"instance_group_name": "homogeneousCluster", "instance_type": kind}
        return {
            "current_host": _HOST,
            "current_instance_type": kind,
            "current_group_name": "homogeneousCluster",
            "hosts": [_HOST],
            "instance_groups": [{**group, "hosts": [_HOST]}],
            "network_interface_name": "lo",
        }
