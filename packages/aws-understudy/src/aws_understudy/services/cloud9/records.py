"""Cloud9 as records: an environment can be described, but there is no instance behind it."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsError, AwsRequest, AwsResponse
from aws_understudy.records.projection import check_input
from aws_understudy.records.tags import TAG_OPERATIONS, RecordTags

if TYPE_CHECKING:
    from collections.abc import Callable

NO_INSTANCE = "A record of the emulator: there is no EC2 instance and no editor behind it."


class Cloud9Records:
    """The environments of Cloud9, by id."""

    name = "cloud9"

    def __init__(self) -> None:
        self._environments: dict[str, dict[str, Any]] = {}
        self._tags = RecordTags()
        self._lock = threading.Lock()
        self._operations: dict[str, Callable[[AwsRequest, dict[str, Any]], dict[str, Any]]] = {
            "CreateEnvironmentEC2": self._create,
            "DeleteEnvironment": self._delete,
            "DescribeEnvironments": self._describe,
            "DescribeEnvironmentStatus": self._status,
            "ListEnvironments": self._list,
            "UpdateEnvironment": self._update,
        }

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer an operation.

        Raises:
            AwsError: the emulator has no such operation, as sharing an environment.
        """
        values = request.json()
        with self._lock:
            if request.action in TAG_OPERATIONS:
                return self._tags.handle(request.action, values)
            operation = self._operations.get(request.action)
            if operation is None:
                return None
            check_input(self.name, request.action, values)
            return AwsResponse.of_json(operation(request, values))

    def close(self) -> None:
        """Nothing runs, so nothing is stopped."""

    def _create(self, request: AwsRequest, values: dict[str, Any]) -> dict[str, Any]:
        identifier = uuid.uuid4().hex
        arn = f"arn:aws:cloud9:{request.region}:{request.account}:environment:{identifier}"
        self._environments[identifier] = {
            "id": identifier,
            "name": values["name"],
            "description": values.get("description", ""),
            "type": "ec2",
            "connectionType": values.get("connectionType", "CONNECT_SSH"),
            "arn": arn,
            "ownerArn": values.get("ownerArn", f"arn:aws:iam::{request.account}:root"),
            "lifecycle": {"status": "CREATED", "reason": NO_INSTANCE},
        }
        self._tags.register(arn, values.get("tags", []))
        return {"environmentId": identifier}

    def _describe(self, _request: AwsRequest, values: dict[str, Any]) -> dict[str, Any]:
        return {"environments": [self._find(identifier) for identifier in values["environmentIds"]]}

    def _status(self, _request: AwsRequest, values: dict[str, Any]) -> dict[str, Any]:
        self._find(values["environmentId"])
        return {"status": "stopped", "message": NO_INSTANCE}

    def _list(self, _request: AwsRequest, _values: dict[str, Any]) -> dict[str, Any]:
        return {"environmentIds": sorted(self._environments)}

    def _update(self, _request: AwsRequest, values: dict[str, Any]) -> dict[str, Any]:
        environment = self._find(values["environmentId"])
        environment.update({k: v for k, v in values.items() if k in {"name", "description"}})
        return {}

    def _delete(self, _request: AwsRequest, values: dict[str, Any]) -> dict[str, Any]:
        environment = self._find(values["environmentId"])
        self._tags.forget(environment["arn"])
        del self._environments[environment["id"]]
        return {}

    def _find(self, identifier: str) -> dict[str, Any]:
        if identifier not in self._environments:
            raise AwsError("NotFoundException", f"environment {identifier} does not exist", 404)
        return self._environments[identifier]
