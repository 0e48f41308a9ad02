"""Finds what stands in the way of a Studio workbench's end, and what its domain leaves.

A space cannot be deleted while it has an app, and the VPC not while it has what the domain leaves
(https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html). So the apps go
first, then the workbench's stack, then what the domain left; the stack of the VPC goes later.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from rehearsal.errors import RehearsalError
from rehearsal.leftovers.domain_remains import find_remains, nfs_groups
from rehearsal.leftovers.leftover import Leftover
from rehearsal.leftovers.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

GONE = {"Deleted", "Failed"}
"""The states of an app that is no hindrance; a failed one cannot even be deleted (ditto)."""


def find_studio(client: Callable[[str], Any], *, platform: str) -> Sequence[Leftover]:
    """List what has to go before the network's stack, in the order in which it can be deleted.

    A domain of the platform is in the workbench's stack, whether or not the settings still ask
    for it. One that is gone already, after an interruption, is known by its groups in the VPC.
    A domain that somebody else has in the VPC is left alone.

    Args:
        client: makes a boto3 client of a service.
        platform: the platform's name, which its stacks' names begin with.
    """
    cloudformation, sagemaker = client("cloudformation"), client("sagemaker")
    stack = f"{platform}-workbench"
    domains = _resources(cloudformation, stack, "AWS::SageMaker::Domain")
    vpcs = _resources(cloudformation, f"{platform}-network", "AWS::EC2::VPC")
    groups = nfs_groups(client("ec2"), vpcs)
    gone = [domain for domain in groups if domain not in domains and _is_gone(sagemaker, domain)]
    leftovers = [app for domain in domains for app in _apps(sagemaker, domain)]
    if domains:
        leftovers.append(Leftover("stack", stack, partial(_delete_stack, client, stack, domains)))
    for domain in [*domains, *gone]:
        leftovers += find_remains(client, domain=domain, groups=groups.get(domain, []))
    return leftovers


def _resources(cloudformation: Any, stack: str, type_: str) -> Sequence[str]:
    """The physical ids of a stack's resources of a type; none if there is no such stack."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    try:
        return [
            resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == type_
            and resource["ResourceStatus"] != "DELETE_COMPLETE"
            and resource.get("PhysicalResourceId")
        ]
    except ClientError as error:
        # CloudFormation has no code for "not found" here.
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return []


def _is_gone(sagemaker: Any, domain: str) -> bool:
    try:
        sagemaker.describe_domain(DomainId=domain)
    except sagemaker.exceptions.ResourceNotFound:
        return True
    return False


def _apps(sagemaker: Any, domain: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_apps").paginate(DomainIdEquals=domain)
    for page in pages:
        for app in page["Apps"]:
            if app["Status"] not in GONE:
                owner = "SpaceName" if "SpaceName" in app else "UserProfileName"
                key = {name: app[name] for name in ("DomainId", owner, "AppType", "AppName")}
                name = "/".join(key.values())
                yield Leftover("app", name, partial(_delete_app, sagemaker, key))


def _delete_app(sagemaker: Any, key: Mapping[str, str]) -> None:
    """Only an app in service can be deleted; one that is just starting has to get there first."""

    def status() -> str:
        try:
            return str(sagemaker.describe_app(**key)["Status"])
        except sagemaker.exceptions.ResourceNotFound:
            return "Deleted"

    name = "/".join(key.values())
    wait_until(lambda: status() != "Pending", problem=f"the app {name} is still starting")
    if status() == "InService":
        with suppress(sagemaker.exceptions.ResourceNotFound):
            sagemaker.delete_app(**key)
    wait_until(lambda: status() in GONE, problem=f"the app {name} is still there")


def _delete_stack(client: Callable[[str], Any], stack: str, domains: Sequence[str]) -> None:
    """Delete the workbench's stack, and see that the domains are gone: their files go next.

    CloudFormation takes the role that the stack has
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html).
    """
    cloudformation, sagemaker = client("cloudformation"), client("sagemaker")
    cloudformation.delete_stack(StackName=stack)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)
    except WaiterError:
        raise RehearsalError(
            f"the stack {stack} could not be deleted; its events in the console say why. See to "
            "it, and give the command again: it goes on from here"
        ) from None
    if kept := [domain for domain in domains if not _is_gone(sagemaker, domain)]:
        raise RehearsalError(
            f"the stack {stack} is gone, but it left the domain {', '.join(kept)}, whose files "
            "stay; delete the domain in the console, and give the command again"
        )
