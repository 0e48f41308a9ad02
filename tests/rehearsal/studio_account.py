"""An account with a Studio workbench, as clients of botocore show it by a test's script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.stub import Stubber

from rehearsal.leftovers.studio import find_studio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rehearsal.leftovers.leftover import Leftover

NOW = "2026-01-01"
PLATFORM, VPC = "capstone-sql-only", "vpc-1"
DOMAIN, FILE_SYSTEM, TARGET = "d-abc1", "fs-00000001", "fsmt-0000000a"
IN, OUT = "sg-in", "sg-out"
WORKBENCH, NETWORK = f"{PLATFORM}-workbench", f"{PLATFORM}-network"
APP = {"DomainId": DOMAIN, "SpaceName": "ide", "AppType": "CodeEditor", "AppName": "default"}


class Account:
    """Clients that answer in the order that a test says, and refuse every other call."""

    def __init__(self) -> None:
        self._clients = {
            service: boto3.client(
                service,
                region_name="us-east-1",
                aws_access_key_id="x",
                aws_secret_access_key="x",
            )
            for service in ("cloudformation", "sagemaker", "efs", "ec2")
        }
        self.changes: list[str] = []
        """The calls that do not only read, whether or not they were refused."""
        for client in self._clients.values():
            client.meta.events.register("before-parameter-build", self._note)
        self.stubs = {service: Stubber(client) for service, client in self._clients.items()}

    def _note(self, model: Any, **_: Any) -> None:
        if model.name.startswith(("Delete", "Revoke")):
            self.changes.append(model.name)

    def client(self, service: str) -> Any:
        return self._clients[service]

    def answers(self, service: str, operation: str, answer: Any, **request: Any) -> None:
        self.stubs[service].add_response(operation, answer, request or None)

    def refuses(self, service: str, operation: str, code: str, message: str = "") -> None:
        self.stubs[service].add_client_error(operation, code, message)

    def holds(self, stack: str, type_: str, id_: str, status: str = "CREATE_COMPLETE") -> None:
        """A stack has one resource."""
        resource = {
            "LogicalResourceId": "It",
            "PhysicalResourceId": id_,
            "ResourceType": type_,
            "ResourceStatus": status,
            "LastUpdatedTimestamp": NOW,
        }
        summaries = {"StackResourceSummaries": [resource]}
        self.answers("cloudformation", "list_stack_resources", summaries, StackName=stack)

    def lacks(self, stack: str) -> None:
        message = f"Stack with id {stack} does not exist"
        self.refuses("cloudformation", "list_stack_resources", "ValidationError", message)

    def lists_groups(self, *domains: str) -> None:
        """The VPC has the two groups of each domain, and one that only looks like them."""
        names = {"sg-other": "security-group-for-inbound-nfs-of-mine"}
        for domain in domains:
            names |= {
                IN: f"security-group-for-inbound-nfs-{domain}",
                OUT: f"security-group-for-outbound-nfs-{domain}",
            }
        groups = [{"GroupId": id_, "GroupName": name} for id_, name in names.items()]
        self.answers("ec2", "describe_security_groups", {"SecurityGroups": groups})

    def lists_files(self) -> None:
        """Four file systems, of which one with a mount target is the domain's."""
        systems = [
            file_system("fs-00000002", f"arn:aws:sagemaker:us-east-1:0:domain/{DOMAIN}x"),
            file_system("fs-00000003", None),
            file_system("fs-00000004", domain_arn(), state="deleting"),
        ]
        own = [file_system(FILE_SYSTEM, domain_arn())]
        first = {"FileSystems": systems, "NextMarker": "more"}
        self.answers("efs", "describe_file_systems", first)
        self.answers("efs", "describe_file_systems", {"FileSystems": own}, Marker="more")
        self.answers("efs", "describe_mount_targets", targets(), FileSystemId=FILE_SYSTEM)

    def has_workbench(self, *apps: Mapping[str, str]) -> None:
        """A domain in its stack, with what it would leave."""
        self.holds(WORKBENCH, "AWS::SageMaker::Domain", DOMAIN)
        self.holds(NETWORK, "AWS::EC2::VPC", VPC)
        self.lists_groups(DOMAIN)
        self.answers("sagemaker", "list_apps", {"Apps": list(apps)}, DomainIdEquals=DOMAIN)
        self.lists_files()

    def find(self) -> Sequence[Leftover]:
        return find_studio(self.client, platform=PLATFORM)

    def leftover(self, kind: str) -> Leftover:
        (match,) = [leftover for leftover in self.find() if leftover.kind == kind]
        return match


def domain_arn() -> str:
    return f"arn:aws:sagemaker:us-east-1:000000000000:domain/{DOMAIN}"


def file_system(id_: str, tag: str | None, *, state: str = "available") -> dict[str, Any]:
    return {
        "OwnerId": "000000000000",
        "CreationToken": id_,
        "FileSystemId": id_,
        "CreationTime": NOW,
        "LifeCycleState": state,
        "NumberOfMountTargets": 1,
        "SizeInBytes": {"Value": 1},
        "PerformanceMode": "generalPurpose",
        "Tags": [{"Key": "ManagedByAmazonSageMakerResource", "Value": tag}] if tag else [],
    }


def targets(state: str = "available") -> dict[str, Any]:
    target = {
        "MountTargetId": TARGET,
        "FileSystemId": FILE_SYSTEM,
        "SubnetId": "subnet-00000001",
        "LifeCycleState": state,
    }
    return {"MountTargets": [target]}
