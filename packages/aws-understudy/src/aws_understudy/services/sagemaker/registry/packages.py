"""The model registry: versioned model packages, their approval, and the events of both."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.inputs import check_input, invalid, newest_first, now, page
from aws_understudy.services.sagemaker.registry.groups import Groups

if TYPE_CHECKING:
    from aws_understudy.core.service import Context

_EVENT: Final = "SageMaker Model Package State Change"
_KEPT: Final = (
    "ModelPackageDescription",
    "InferenceSpecification",
    "SourceAlgorithmSpecification",
    "MetadataProperties",
    "ModelMetrics",
    "Domain",
    "Task",
    "SamplePayloadUrl",
    "CustomerMetadataProperties",
    "DriftCheckBaselines",
    "SkipModelValidation",
    "SourceUri",
)
_LISTED: Final = (
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "ModelPackageDescription",
    "CreationTime",
    "ModelPackageStatus",
    "ModelApprovalStatus",
)
_UPDATED: Final = ("ModelApprovalStatus", "ApprovalDescription", "CustomerMetadataProperties")


class Registry:
    """The packages of one account, in groups."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.groups = Groups(context, count_packages=self._count)
        self._packages: dict[str, dict[str, Any]] = {}
        self._versions: dict[str, int] = {}
        self._lock = threading.Lock()

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Register the next version of a group's model.

        Raises:
            AwsError: no such group, or a package without a group, which is not kept here.
        """
        check_input("CreateModelPackage", request)
        if "ModelPackageGroupName" not in request or "InferenceSpecification" not in request:
            raise invalid(
                "The emulator registers versioned packages alone: a ModelPackageGroupName and an "
                "InferenceSpecification are required."
            )
        group = self.groups.get(request["ModelPackageGroupName"])["ModelPackageGroupName"]
        with self._lock:
            version = self._versions[group] = self._versions.get(group, 0) + 1
            arn = self._arn(group, version)
            self._packages[arn] = {
                **{key: request[key] for key in _KEPT if key in request},
                "ModelPackageName": group,
                "ModelPackageGroupName": group,
                "ModelPackageVersion": version,
                "ModelPackageArn": arn,
                "ModelPackageStatus": "Completed",
                "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
                "ModelApprovalStatus": request.get("ModelApprovalStatus", "PendingManualApproval"),
                "CreationTime": now(),
                "LastModifiedTime": now(),
            }
        self._emit(self._packages[arn])
        return {"ModelPackageArn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe a package, by its ARN or by group and version."""
        return dict(self._get(request.get("ModelPackageName", "")))

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Approve, reject or annotate a package; AWS tells the bus of each change.

        Raises:
            AwsError: no such package, or a member that is not kept here.
        """
        check_input("UpdateModelPackage", request)
        unknown = set(request) - {"ModelPackageArn", "ClientToken", *_UPDATED}
        if unknown:
            raise invalid(f"The emulator does not update {', '.join(sorted(unknown))}.")
        package = self._get(request["ModelPackageArn"])
        with self._lock:
            package.update({key: request[key] for key in _UPDATED if key in request})
            package["LastModifiedTime"] = now()
        self._emit(package)
        return {"ModelPackageArn": package["ModelPackageArn"]}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a package; its version number is not given again."""
        arn = self._get(request.get("ModelPackageName", ""))["ModelPackageArn"]
        del self._packages[arn]
        return {}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the packages of a group, the newest first."""
        group = request.get("ModelPackageGroupName")
        if group:
            group = self.groups.get(group)["ModelPackageGroupName"]
        status = request.get("ModelApprovalStatus")
        summaries: list[dict[str, Any]] = [
            {key: package[key] for key in _LISTED if key in package}
            for package in list(self._packages.values())
            if group in (None, package["ModelPackageGroupName"])
            and status in (None, package["ModelApprovalStatus"])
        ]
        ordered = newest_first(summaries, request, "CreationTime")
        return page(ordered, request, "ModelPackageSummaryList")

    def _get(self, name: str) -> dict[str, Any]:
        arn = name if name.startswith("arn:") else self._arn(*name.partition("/")[::2])
        if arn not in self._packages:
            raise invalid(f"ModelPackage {name} does not exist.")
        return self._packages[arn]

    def _count(self, group: str) -> int:
        return sum(p["ModelPackageGroupName"] == group for p in self._packages.values())

    def _arn(self, group: str, version: int | str) -> str:
        context = self._context
        kind = f"arn:aws:sagemaker:{context.region}:{context.account}:model-package"
        return f"{kind}/{group.lower()}/{version}"

    def _emit(self, package: dict[str, Any]) -> None:
        times = {
            key: datetime.fromtimestamp(package[key], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            for key in ("CreationTime", "LastModifiedTime")
        }
        detail = {**package, **times, "CertifyForMarketplace": False}
        self._context.emit_event("aws.sagemaker", _EVENT, detail)
