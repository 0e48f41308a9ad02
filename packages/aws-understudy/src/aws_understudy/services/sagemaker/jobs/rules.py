"""What SageMaker refuses of members that are right each by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.inputs import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.core.service import Context

_RETIRED: Final = re.compile(r"ml\.(p2|p3|p3dn)\.")
"""Families that are no longer offered. Source: Amazon EC2's page "Previous generation instances",
and the instance types of SageMaker AI's price list."""
_LOCAL_STORAGE: Final = re.compile(
    r"ml\.([a-z]+\d[a-z]?d|g4dn|g5|g6|g6e|gr6|p4d|p4de|p5|p5e|p5en|trn1|trn1n|trn2)\."
)
"""Families with local NVMe storage. Source: Amazon EC2, "Instance store volumes"; the rule: API
reference of ResourceConfig, VolumeKmsKeyId."""
_SCRIPT_MODE: Final = frozenset(
    {
        *("sagemaker_program", "sagemaker_submit_directory", "sagemaker_region"),
        *("sagemaker_container_log_level", "sagemaker_job_name"),
    }
)
"""The settings of script mode that the scikit-learn image reads and that are acted on here."""


def check_machine(resources: Mapping[str, Any]) -> None:
    """Refuse a machine that there is not, or whose volume cannot be as it is wanted.

    Raises:
        AwsError: the family is retired, or has local storage and a key for its volume.
    """
    kind = str(resources.get("InstanceType", ""))
    if _RETIRED.match(kind):
        raise invalid(f"InstanceType {kind} is retired; ml.g4dn or ml.g6 are its successors.")
    if "VolumeKmsKeyId" in resources and _LOCAL_STORAGE.match(kind):
        raise invalid(
            f"VolumeKmsKeyId cannot be given with {kind}, which has local storage: it is encrypted "
            "by the hardware. Leave the key out."
        )


def check_script_mode(hyperparameters: Mapping[str, str]) -> None:
    """Refuse a setting of the training toolkit that nothing here acts on.

    Raises:
        AwsError: such as one for MPI or torchrun.
    """
    unknown = sorted(
        name
        for name in hyperparameters
        if name.startswith("sagemaker_") and name not in _SCRIPT_MODE
    )
    if unknown:
        raise invalid(
            f"The emulator does not act on the hyperparameter(s) {', '.join(unknown)}; of those "
            f"that begin with sagemaker_ it reads {', '.join(sorted(_SCRIPT_MODE))}. Nothing was "
            "trained."
        )


def check_role(arn: str, context: Context) -> None:
    """Refuse a role that SageMaker cannot assume because there is none.

    Raises:
        AwsError: no role of this account has the ARN.
    """
    client = context.client("iam")
    try:
        role = client.get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except client.exceptions.NoSuchEntityException:
        role = {}
    if role.get("Arn") != arn:
        raise invalid(
            f"Could not assume role {arn}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )
