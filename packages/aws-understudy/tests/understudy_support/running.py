"""An emulator process for tests, and stacks deployed into it."""

from __future__ import annotations

import json
import os
import time
import uuid
from typing import TYPE_CHECKING, Any

from aws_understudy import Understudy

if TYPE_CHECKING:
    from pathlib import Path


class RunningEmulator(Understudy):
    """An understudy that has been started by somebody with secrets."""

    def __init__(self, folder: Path, *options: str) -> None:
        # Secrets of whoever runs the tests must not show up inside.
        secret = {"AWS_PROFILE": "of-the-user", "AWS_SECRET_ACCESS_KEY": "secret"}
        super().__init__(folder, options=options, variables={**os.environ, **secret})
        self.start()


class Stack:
    """A stack of one test: deployed, changed, and deleted at its end."""

    def __init__(self, cloudformation: Any) -> None:
        self._client = cloudformation
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        self.exists = False

    def deploy(
        self,
        resources: dict[str, Any],
        outputs: dict[str, Any] | None = None,
        *,
        exports: dict[str, Any] | None = None,
    ) -> str:
        """Create or update; the result is the stack's status. Exports are by their names."""
        body = {"Resources": resources}
        if outputs:
            body["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
        if exports:
            body["Outputs"] = {
                f"Export{number}": {"Value": value, "Export": {"Name": name}}
                for number, (name, value) in enumerate(exports.items())
            }
        operation = self._client.update_stack if self.exists else self._client.create_stack
        operation(
            StackName=self.name,
            TemplateBody=json.dumps(body),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        self.exists = True
        return self._settled()

    def _settled(self) -> str:
        for _ in range(600):
            status: str = self._describe()["StackStatus"]
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.1)
        raise AssertionError(f"{self.name} is still {status}")

    def _describe(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.describe_stacks(StackName=self.name)["Stacks"][0]
        return answer

    @property
    def outputs(self) -> dict[str, str]:
        return {o["OutputKey"]: o["OutputValue"] for o in self._describe().get("Outputs", [])}

    def physical_id(self, logical_id: str) -> str:
        detail = self._client.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        identifier: str = detail["StackResourceDetail"]["PhysicalResourceId"]
        return identifier

    def failures(self) -> str:
        events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(
            event.get("ResourceStatusReason", "")
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        )

    def delete(self) -> str:
        self._client.delete_stack(StackName=self.name)
        self.exists = False
        try:
            return self._settled()
        except self._client.exceptions.ClientError:
            return "DELETE_COMPLETE"
