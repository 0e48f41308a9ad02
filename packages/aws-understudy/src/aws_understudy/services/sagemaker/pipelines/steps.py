"""Runs one step of a pipeline, by its type."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError, JobStoppedError
from aws_understudy.services.sagemaker.pipelines.conditions import holds
from aws_understudy.services.sagemaker.pipelines.expressions import as_text
from aws_understudy.services.sagemaker.pipelines.step_types import CALLED, check_arguments

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from aws_understudy.core.service import Context
    from aws_understudy.ledger.admission import Admission
    from aws_understudy.services.sagemaker.jobs.store import JobStore
    from aws_understudy.services.sagemaker.pipelines.definitions import Node
    from aws_understudy.services.sagemaker.pipelines.expressions import Scope
    from aws_understudy.services.sagemaker.registry.packages import Registry

JOB_TYPES: Final = ("Processing", "Training", "Transform")
_LONGEST_PREFIX: Final = 50
_WAIT_SECONDS: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a step left behind."""

    metadata: dict[str, Any]
    properties: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StepRunner:
    """Runs steps with the services of the emulator."""

    context: Context
    jobs: Mapping[str, JobStore]
    registry: Registry
    admission: Admission

    def run(
        self,
        node: Node,
        *,
        scope: Scope,
        execution: str,
        stop: threading.Event,
        report: Callable[[dict[str, Any]], None],
    ) -> Outcome:
        """Run a step to its end; ``report`` gets its metadata as soon as they are known.

        Raises:
            JobFailedError: the step failed; JobStoppedError: the execution was stopped.
            AwsError: the API refused the step's request.
        """
        arguments = node.raw.get("Arguments", {})
        if node.type == "Condition":
            outcome = all(holds(condition, scope) for condition in arguments["Conditions"])
            metadata = {"Condition": {"Outcome": str(outcome)}}
            return Outcome(metadata=metadata, properties={"Outcome": str(outcome)})
        request = scope.evaluate(arguments)
        if node.type in CALLED:
            check_arguments(node, request, self.admission, evaluated=True)
        if node.type == "Fail":
            message = as_text(request["ErrorMessage"])
            report({"Fail": {"ErrorMessage": message}})
            raise JobFailedError(message)
        unique = f"pipelines-{execution}-{node.name}"[:_LONGEST_PREFIX] + f"-{secrets.token_hex(5)}"
        if node.type in JOB_TYPES:
            return self._job(node.type, request, unique, stop, report)
        if node.type == "Model":
            return self._model(request, unique)
        if node.type == "RegisterModel":
            arn = self.registry.create(request)["ModelPackageArn"]
            properties = self.registry.describe({"ModelPackageName": arn})
            return Outcome(metadata={"RegisterModel": {"Arn": arn}}, properties=properties)
        return self._lambda(node, request)

    def _job(
        self,
        word: str,
        request: dict[str, Any],
        name: str,
        stop: threading.Event,
        report: Callable[[dict[str, Any]], None],
    ) -> Outcome:
        store = self.jobs[word]
        job = store.create({f"{word}JobName": name, **request})
        metadata = {f"{word}Job": {"Arn": job.arn}}
        report(metadata)
        while not job.over.wait(_WAIT_SECONDS):
            if stop.is_set():
                job.stop.set()
        if job.status == "Stopped":
            raise JobStoppedError
        if job.status != "Completed":
            raise JobFailedError(f"ClientError: {store.kind.noun} {job.name} failed: {job.reason}")
        return Outcome(metadata=metadata, properties=store.describe(name))

    def _model(self, request: dict[str, Any], name: str) -> Outcome:
        client = self.context.client("sagemaker")
        arn = client.create_model(ModelName=name, **request)["ModelArn"]
        properties = {"ModelName": name, "ModelArn": arn, **request}
        return Outcome(metadata={"Model": {"Arn": arn}}, properties=properties)

    def _lambda(self, node: Node, request: dict[str, Any]) -> Outcome:
        arn = node.raw["FunctionArn"]
        answer = self.context.client("lambda").invoke(
            FunctionName=arn, Payload=json.dumps(request).encode()
        )
        payload = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise JobFailedError(f"The Lambda function {arn} failed: {payload.decode()[:1000]}")
        returned = json.loads(payload or b"null")
        outputs = []
        for parameter in node.raw.get("OutputParameters", []):
            name = parameter["OutputName"]
            if not isinstance(returned, dict) or name not in returned:
                raise JobFailedError(f"The Lambda function {arn} returned no {name!r}.")
            outputs.append({"Name": name, "Value": as_text(returned[name])})
        values = {item["Name"]: returned[item["Name"]] for item in outputs}
        metadata = {"Lambda": {"Arn": arn, "OutputParameters": outputs}}
        return Outcome(metadata=metadata, properties={"OutputParameters": values})
