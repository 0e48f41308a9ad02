"""Model package groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsError
from aws_understudy.services.sagemaker.inputs import check_input, invalid, newest_first, now, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.core.service import Context


class Groups:
    """The groups of one account."""

    def __init__(self, context: Context, *, count_packages: Callable[[str], int]) -> None:
        self._context = context
        self._count_packages = count_packages
        self._groups: dict[str, dict[str, Any]] = {}

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make an empty group.

        Raises:
            AwsError: the name is taken.
        """
        check_input("CreateModelPackageGroup", request)
        name, context = request["ModelPackageGroupName"], self._context
        arn = f"arn:aws:sagemaker:{context.region}:{context.account}:model-package-group/{name}"
        if name in self._groups:
            raise invalid(f"Model Package Group already exists: {arn}")
        self._groups[name] = {
            **{key: value for key, value in request.items() if key != "Tags"},
            "ModelPackageGroupArn": arn,
            "ModelPackageGroupStatus": "Completed",
            "CreationTime": now(),
            "CreatedBy": {},
        }
        return {"ModelPackageGroupArn": arn}

    def get(self, name: str) -> dict[str, Any]:
        """A group by its name or ARN.

        Raises:
            AwsError: there is none.
        """
        short = name.rpartition("/")[2]
        if short not in self._groups:
            raise invalid(f"Model Package Group {name} does not exist.")
        return self._groups[short]

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe one group."""
        return dict(self.get(request.get("ModelPackageGroupName", "")))

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the groups, the newest first."""
        part = request.get("NameContains", "")
        summaries = [
            {key: value for key, value in group.items() if key != "CreatedBy"}
            for name, group in self._groups.items()
            if part in name
        ]
        ordered = newest_first(summaries, request, "CreationTime")
        return page(ordered, request, "ModelPackageGroupSummaryList")

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete an empty group.

        Raises:
            AwsError: it is absent, or holds packages: AWS refuses that too.
        """
        name = self.get(request.get("ModelPackageGroupName", ""))["ModelPackageGroupName"]
        held = self._count_packages(name)
        if held:
            raise AwsError(
                "ConflictException",
                f"Model Package Group {name} cannot be deleted: it still contains {held} Model "
                "Package(s). Delete them first.",
            )
        del self._groups[name]
        return {}
