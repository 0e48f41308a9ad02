"""An emulator process for tests, and stacks deployed into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

PROJECT_ROOT = Path(__file__).resolve().parents[3]


class RunningEmulator:
    """An emulator process and how to reach it."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ready_file = folder / "ready.json"
        self.log = folder / "emulator.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "emulator",
                    *("--port", "0", "--dir", str(folder), "--ready-file", str(self.ready_file)),
                    *options,
                ],
                cwd=PROJECT_ROOT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Secrets of whoever runs the tests must not show up inside the emulator.
                env={**os.environ, "AWS_PROFILE": "of-the-user", "AWS_SECRET_ACCESS_KEY": "secret"},
            )
        self.ready = self._wait()
        self.endpoint_url: str = self.ready["endpoint_url"]

    def _wait(self) -> dict[str, Any]:
        for _ in range(600):
            if self.ready_file.exists():
                answer: dict[str, Any] = json.loads(self.ready_file.read_text())
                return answer
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"the emulator did not start: {self.log.read_text()}")

    def client(self, name: str) -> Any:
        return boto3.client(
            name,
            endpoint_url=self.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=self.ready["access_key_id"],
            aws_secret_access_key=self.ready["secret_access_key"],
            config=Config(retries={"max_attempts": 1}),
        )

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(timeout=60)
        finally:
            self.process.kill()
            if self.process.stdin:
                self.process.stdin.close()


class Stack:
    """A stack of one test: deployed, changed, and deleted at its end."""

    def __init__(self, cloudformation: Any) -> None:
        self._client = cloudformation
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        self.exists = False

    def deploy(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> str:
        """Create or update; the result is the stack's status."""
        body = {"Resources": resources}
        if outputs:
            body["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
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
        found: str = detail["StackResourceDetail"]["PhysicalResourceId"]
        return found

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
