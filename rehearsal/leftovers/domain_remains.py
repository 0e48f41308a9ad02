"""Finds what a SageMaker domain leaves when it is deleted: its file system and two groups.

A domain's deletion keeps its EFS file system, with a mount target, which is a network interface
(https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteDomain.html), and two security
groups. All of these lie in the domain's VPC, which cannot be deleted before them. The tag that
SageMaker gives to the file system names the domain
(https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-notebooks.html), and so do
the groups' names (https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-migrate-data.html);
both stay when the domain is gone.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from rehearsal.leftovers.leftover import Leftover
from rehearsal.leftovers.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

TAG = "ManagedByAmazonSageMakerResource"
NFS_GROUPS = ("security-group-for-inbound-nfs-*", "security-group-for-outbound-nfs-*")
GROUP_OF_DOMAIN = re.compile(r"security-group-for-(?:in|out)bound-nfs-(?P<domain>d-[a-z0-9-]+)")


def nfs_groups(ec2: Any, vpcs: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The id of each domain that has NFS groups in these VPCs, to the ids of the groups."""
    if not vpcs:
        return {}
    pages = ec2.get_paginator("describe_security_groups").paginate(
        Filters=[
            {"Name": "vpc-id", "Values": list(vpcs)},
            {"Name": "group-name", "Values": list(NFS_GROUPS)},
        ]
    )
    groups: dict[str, list[str]] = {}
    for page in pages:
        for group in page["SecurityGroups"]:
            if match := GROUP_OF_DOMAIN.fullmatch(group["GroupName"]):
                groups.setdefault(match["domain"], []).append(group["GroupId"])
    return groups


def find_remains(
    client: Callable[[str], Any], *, domain: str, groups: Sequence[str]
) -> Iterator[Leftover]:
    """List what a domain leaves, in the order in which it can be deleted.

    The groups come last: as long as one is there, the domain's id can be read from its name.

    Args:
        client: makes a boto3 client of a service.
        domain: the domain's id.
        groups: the ids of its NFS groups.
    """
    efs = client("efs")
    for file_system in _file_systems(efs, domain):
        pages = efs.get_paginator("describe_mount_targets").paginate(FileSystemId=file_system)
        for page in pages:
            for target in page["MountTargets"]:
                id_ = target["MountTargetId"]
                yield Leftover("mount target", id_, partial(_delete_mount_target, efs, id_))
        yield Leftover(
            f"file system of the domain {domain}",
            file_system,
            partial(_delete_file_system, efs, file_system),
        )
    if groups:
        delete = partial(_delete_groups, client("ec2"), groups)
        yield Leftover("security groups", ", ".join(groups), delete)


def _file_systems(efs: Any, domain: str) -> Sequence[str]:
    pages = efs.get_paginator("describe_file_systems").paginate()
    return [
        file_system["FileSystemId"]
        for page in pages
        for file_system in page["FileSystems"]
        if file_system["LifeCycleState"] not in {"deleting", "deleted"}
        for tag in file_system["Tags"]
        if tag["Key"] == TAG and tag["Value"].endswith(f":domain/{domain}")
    ]


def _delete_mount_target(efs: Any, id_: str) -> None:
    """Its network interface goes with it, some time after the answer.

    https://docs.aws.amazon.com/efs/latest/ug/API_DeleteMountTarget.html
    """

    def is_gone() -> bool:
        try:
            targets = efs.describe_mount_targets(MountTargetId=id_)["MountTargets"]
        except efs.exceptions.MountTargetNotFound:
            return True
        return all(target["LifeCycleState"] == "deleted" for target in targets)

    with suppress(efs.exceptions.MountTargetNotFound):
        efs.delete_mount_target(MountTargetId=id_)
    wait_until(is_gone, problem=f"the mount target {id_} is still there")


def _delete_file_system(efs: Any, id_: str) -> None:
    with suppress(efs.exceptions.FileSystemNotFound):
        efs.delete_file_system(FileSystemId=id_)


def _delete_groups(ec2: Any, ids: Sequence[str]) -> None:
    """Revoke the rules of all groups first: a group that another's rule names cannot be deleted.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
    """
    pages = ec2.get_paginator("describe_security_groups").paginate(
        Filters=[{"Name": "group-id", "Values": list(ids)}]
    )
    groups = [group for page in pages for group in page["SecurityGroups"]]
    for group in groups:
        if rules := group["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=rules)
        if rules := group["IpPermissionsEgress"]:
            ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=rules)
    for group in groups:
        id_ = group["GroupId"]
        wait_until(
            partial(_delete_group, ec2, id_),
            problem=f"the security group {id_} still has a network interface",
        )


def _delete_group(ec2: Any, id_: str) -> bool:
    """Whether the group could be deleted; a network interface may go later than its owner."""
    try:
        ec2.delete_security_group(GroupId=id_)
    except ClientError as error:
        if error.response["Error"]["Code"] != "DependencyViolation":
            raise
        return False
    return True
