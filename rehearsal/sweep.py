"""The command ``sweep``: deletes what would stay when the stacks go, or stand in their way.

No stack owns what the platform makes of models and what a Studio domain leaves; the stack of a
Studio workbench goes along, because the domain leaves things in another stack's VPC. What is found
is shown first.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.errors import RehearsalError
from rehearsal.leftovers.models import find_leftovers
from rehearsal.leftovers.studio import find_studio
from rehearsal.targets.stack_outputs import StackOutputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config import Settings
    from rehearsal.leftovers.leftover import Leftover


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
    @cache
    def client(service: str) -> Any:
        return boto3.client(service, region_name=settings.region)

    leftovers = [
        *_of_pipelines(settings, client),
        *find_studio(client, platform=settings.name),
    ]
    if not leftovers:
        print("nothing to sweep: the stacks own everything")
        return
    print("These would stay when the stacks go, or stand in their way:")
    for leftover in leftovers:
        print(f"  {leftover.kind} {leftover.name}")
    if ask and not _agreed():
        raise RehearsalError("nothing is deleted; answer yes, or give --yes (make destroy YES=1)")
    for leftover in leftovers:
        print(f"deleting {leftover.kind} {leftover.name}", flush=True)
        leftover.delete()


def _of_pipelines(settings: Settings, client: Callable[[str], Any]) -> Iterator[Leftover]:
    outputs = StackOutputs(cloudformation=client("cloudformation"), platform=settings.name)
    for pipeline in settings.pipelines.values():
        name = f"{settings.name}-{pipeline.stack}"
        if name in outputs.names:
            group = outputs.get(pipeline.stack, "ModelPackageGroupName")
            yield from find_leftovers(client("sagemaker"), group=group)
        else:
            print(f"{name} is not deployed: it left nothing")


def _agreed() -> bool:
    try:
        return input("Delete them? (yes/no) ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
