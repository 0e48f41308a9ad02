"""Checks at start that ministack and moto are the very versions whose inner parts we use."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
from dataclasses import dataclass

PINNED = {"ministack": "1.5.33", "moto": "5.2.5"}
"""Exact, since the private parts below may change with any release; pyproject.toml repeats it."""


@dataclass(frozen=True, kw_only=True)
class PrivatePart:
    """A name inside ministack or moto that has no public counterpart."""

    module: str
    name: str
    parameters: tuple[str, ...] | None = None
    """The parameters it must take, or None where it is not a function."""


PROGRAM_STARTERS = (
    "ministack.app",
    "ministack.core.lambda_runtime",
    "ministack.core.node_pool",
    "ministack.core.tls",
    "ministack.services.glue",
    "ministack.services.lambda_svc",
)
"""The modules of ministack that start programs; ``backends.programs`` takes each in hand."""

_CLOUDFORMATION = "ministack.services.cloudformation"

PRIVATE_PARTS = (
    PrivatePart(module=f"{_CLOUDFORMATION}.provisioners", name="_RESOURCE_HANDLERS"),
    PrivatePart(
        module=f"{_CLOUDFORMATION}.stacks",
        name="_runs_on_worker_thread",
        parameters=("resource_type",),
    ),
    PrivatePart(
        module=f"{_CLOUDFORMATION}.stacks",
        name="_resolve_stack_outputs",
        parameters=(
            "outputs_defs",
            "conditions",
            "resources",
            "param_values",
            "mappings",
            "stack_name",
            "stack_id",
        ),
    ),
    PrivatePart(module=_CLOUDFORMATION, name="_exports"),
    PrivatePart(module=_CLOUDFORMATION, name="_stacks"),
    PrivatePart(
        module=f"{_CLOUDFORMATION}.handlers",
        name="_imported_export_names",
        parameters=("stack", "stack_name"),
    ),
    PrivatePart(
        module=f"{_CLOUDFORMATION}.provisioners",
        name="_iam_role_create",
        parameters=("logical_id", "props", "stack_name"),
    ),
    PrivatePart(module="ministack.services.iam", name="_roles"),
    PrivatePart(module="ministack.services.iam", name="_users"),
    PrivatePart(
        module="ministack.services.s3", name="_put_bucket_policy", parameters=("name", "body")
    ),
    PrivatePart(module="ministack.services.s3", name="_error"),
    PrivatePart(module="ministack.services.ec2", name="_ACTION_MAP"),
    PrivatePart(module="ministack.services.ec2", name="_network_interfaces"),
    PrivatePart(module="ministack.services.ec2", name="_p"),
    PrivatePart(
        module="ministack.services.ec2", name="_error", parameters=("code", "message", "status")
    ),
    PrivatePart(
        module="ministack.services.eventbridge",
        name="_put_events",
        parameters=("data", "allow_aws_source"),
    ),
    PrivatePart(module="ministack.core.lambda_runtime", name="reset", parameters=()),
    PrivatePart(module="ministack.core.lambda_runtime", name="Worker"),
    PrivatePart(module="ministack.core.lambda_runtime", name="ProvidedWorker"),
    *(PrivatePart(module=module, name="subprocess") for module in PROGRAM_STARTERS),
    *(
        PrivatePart(
            module="ministack.services.lambda_svc",
            name=f"_execute_function_{executor}",
            parameters=("func", "event", "request_id"),
        )
        for executor in ("docker", "local")
    ),
    PrivatePart(
        module="ministack.core.iam_evaluator",
        name="resolve_credential",
        parameters=("access_key_id", "account_id", "session_token"),
    ),
    PrivatePart(
        module="ministack.core.iam_evaluator",
        name="is_root_access_key",
        parameters=("access_key_id",),
    ),
    PrivatePart(
        module="ministack.core.responses",
        name="_account_from_sts_session",
        parameters=("access_key_id",),
    ),
    PrivatePart(module="ministack.core.sigv4", name="_amz_datetime", parameters=("value",)),
    PrivatePart(
        module="ministack.core.sigv4",
        name="header_signing_documents",
        parameters=(
            "signature",
            "method",
            "raw_path",
            "query_params",
            "headers",
            "body",
            "presigned",
        ),
    ),
    PrivatePart(
        module="ministack.core.router", name="_is_aws_service_name", parameters=("scope_name",)
    ),
)


class PinError(Exception):
    """The installed back ends are not those that the emulator was written for."""


def check_pins() -> None:
    """Refuse to start on other versions, or where a private part is gone or changed.

    Raises:
        PinError: names every difference, and the way to the pinned versions.
    """
    faults = [*_version_faults(), *_part_faults()]
    if faults:
        raise PinError(
            "The emulator's back ends are not the pinned ones: "
            + "; ".join(faults)
            + ". Install aws-understudy again, with what it depends on."
        )


def _version_faults() -> list[str]:
    faults = []
    for package, pinned in PINNED.items():
        installed = importlib.metadata.version(package)
        if installed != pinned:
            faults.append(f"{package} is {installed}, needed is {pinned}")
    return faults


def _part_faults() -> list[str]:
    faults = []
    for part in PRIVATE_PARTS:
        value = getattr(importlib.import_module(part.module), part.name, None)
        if value is None:
            faults.append(f"{part.module}.{part.name} is gone")
        elif part.parameters is not None:
            parameters = tuple(inspect.signature(value).parameters)
            if parameters != part.parameters:
                faults.append(f"{part.module}.{part.name} now takes {parameters}")
    return faults
