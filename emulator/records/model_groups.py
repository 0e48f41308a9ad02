"""Deletes model package groups, which moto keeps but cannot delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto import backends

from emulator.service import AwsError, AwsRequest, AwsResponse

if TYPE_CHECKING:
    from collections.abc import Mapping


class ModelPackageGroups:
    """Answers ``DeleteModelPackageGroup`` out of moto's own records."""

    name = "sagemaker"

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Delete a group, as SageMaker does: one that holds packages is refused."""
        if request.action != "DeleteModelPackageGroup":
            return None
        group = request.json()["ModelPackageGroupName"].rpartition("/")[2]
        backend: Any = backends.get_backend("sagemaker")[request.account][request.region]
        groups: dict[str, Any] = backend.model_package_groups
        if group not in groups:
            raise AwsError("ResourceNotFound", f"ModelPackageGroup {group} does not exist")
        packages: Mapping[str, Any] = backend.model_packages
        if any(package.model_package_group_name == group for package in packages.values()):
            raise AwsError(
                "ConflictException",
                f"ModelPackageGroup {group} holds model packages; delete those first",
            )
        del groups[group]
        return AwsResponse.of_json({})

    def close(self) -> None:
        """Nothing runs, so nothing is stopped."""
