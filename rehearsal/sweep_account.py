"""The command ``sweep``: shows what no stack owns, asks, and deletes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.errors import RehearsalError
from rehearsal.stack_outputs import StackOutputs
from rehearsal.sweep import find_leftovers

if TYPE_CHECKING:
    from config import Settings


def sweep(settings: Settings, *, ask: bool) -> None:
    """Delete from where the CDK CLI would deploy to: ``AWS_ENDPOINT_URL``, or else AWS.

    Raises:
        RehearsalError: there are no credentials, AWS refused, or the answer was no.
    """
    if settings.keeps_data:
        print(f'{settings.name} keeps its data (data = "keep"): nothing is swept')
        return
    try:
        _sweep(settings, ask=ask)
    except (BotoCoreError, ClientError) as error:
        raise RehearsalError(f"AWS refused the sweep: {error}") from None


def _sweep(settings: Settings, *, ask: bool) -> None:
    def client(service: str) -> Any:
        return boto3.client(service, region_name=settings.region)

    outputs = StackOutputs(cloudformation=client("cloudformation"), environment=settings.name)
    if f"{settings.name}-ml-pipeline" not in outputs.names:
        print(f"{settings.name}-ml-pipeline is not deployed: nothing to sweep")
        return
    sagemaker = client("sagemaker")
    group = outputs.get("ml-pipeline", "ModelPackageGroupName")
    leftovers = find_leftovers(sagemaker, group=group)
    if not leftovers:
        print("nothing to sweep: the stacks own everything")
        return
    print("No stack owns these, and they would stay or stand in the way:")
    for leftover in leftovers:
        print(f"  {leftover.kind} {leftover.name}")
    if ask and not _agreed():
        raise RehearsalError("nothing is deleted; answer yes, or give --yes (make destroy YES=1)")
    for leftover in leftovers:
        leftover.delete(sagemaker)
        print(f"deleted {leftover.kind} {leftover.name}", flush=True)


def _agreed() -> bool:
    try:
        return input("Delete them? (yes/no) ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
