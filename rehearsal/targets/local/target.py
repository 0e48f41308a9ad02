"""The target ``local``: synthesize, start the emulator, deploy into it with the CDK CLI."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from typing import TYPE_CHECKING, Any, Literal

from rehearsal.errors import RehearsalError
from rehearsal.run.runner import Say, Step
from rehearsal.targets.local.assembly import count_resources, stack_names
from rehearsal.targets.local.cdk_cli import CdkCli
from rehearsal.targets.local.emulator_process import EmulatorProcess
from rehearsal.targets.local.teardown import Teardown
from rehearsal.targets.local.toolchain import ACCOUNT, ROOT, find_toolchain
from rehearsal.targets.stack_outputs import StackOutputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config import Settings

COMPLETE = "CREATE_COMPLETE"
STACK_DONE = "✅"
"""What the CDK CLI prints when a stack is there."""
VERSIONED = ("aws-cdk-lib", "boto3", "duckdb", "ministack", "moto", "scikit-learn", "sqlglot")


class LocalTarget:
    """The emulator on loopback, and the assembly that the CDK CLI deploys into it."""

    name: Literal["local", "aws"] = "local"
    poll_seconds = 0.25

    def __init__(
        self,
        settings: Settings,
        *,
        config: str,
        out: Path,
        assembly: Path | None,
        port: int,
        outlive: bool,
    ) -> None:
        self._settings = settings
        self._config = config
        self._out = out
        self._cdk = CdkCli(toolchain=find_toolchain(), out=out, region=settings.region)
        self._given_assembly = assembly
        self._assembly = assembly or out / "cdk.out"
        self._port = port
        self._outlive = outlive
        self._outputs: StackOutputs | None = None
        self._clients: dict[str, Any] = {}  # to make one takes longer than most of its calls
        self.emulator = EmulatorProcess(
            toolchain=find_toolchain(),
            folder=out / "emulator",
            log=out / "logs" / "emulator.log",
            region=settings.region,
        )

    def set_up_steps(self) -> Sequence[Step]:
        """From sources to a deployed platform."""
        return [
            Step(name="synthesize", run=self._synthesize),
            Step(name="start the emulator", run=self._start),
            Step(name="cdk bootstrap", run=self._bootstrap),
            Step(name="cdk deploy", run=self._deploy),
        ]

    def tear_down_steps(self) -> Sequence[Step]:
        """Back to what the settings keep; not if the emulator is to stay."""
        return [] if self._outlive else [Step(name="cdk destroy", run=self._tear_down)]

    def client(self, service: str) -> Any:
        """A client of the emulator, and of nothing else."""
        if service not in self._clients:
            self._clients[service] = self.emulator.client(service)
        return self._clients[service]

    def output(self, stack: str, key: str) -> str:
        """The value of a stack's output."""
        if self._outputs is None:
            self._outputs = StackOutputs(
                cloudformation=self.client("cloudformation"), platform=self._settings.name
            )
        return self._outputs.get(stack, key)

    def stack_names(self) -> Sequence[str]:
        """The stacks of the assembly, by name."""
        return stack_names(self._assembly)

    def levels(self) -> Mapping[str, str]:
        """What the emulator says of itself, by resource type."""
        return {entry["type"]: entry["level"] for entry in self.emulator.page("fidelity")}

    def explain(self) -> str:
        """Whether the emulator has ended, which explains any failure."""
        if not self.emulator.endpoint.url:
            return ""
        try:
            self.emulator.check_alive()
        except RehearsalError as error:
            return str(error)
        return f"Logs: {self._out / 'logs'}"

    def measurements(self) -> Mapping[str, Any]:
        """Peak memory of the emulator and of every job, and the versions that took part."""
        versions = {name: importlib.metadata.version(name) for name in VERSIONED}
        lock = json.loads((ROOT / "package-lock.json").read_text())
        versions["aws-cdk"] = lock["packages"]["node_modules/aws-cdk"]["version"]
        versions["python"] = platform.python_version()
        return {
            "emulator": {"peak_memory_bytes": self.emulator.peak_memory_bytes()},
            "jobs": self.emulator.page("jobs"),
            "versions": versions,
        }

    def _synthesize(self, say: Say) -> str:
        if self._given_assembly is None:
            say("python app.py")
            self._cdk.synthesize(config=self._config, assembly=self._assembly)
        names = stack_names(self._assembly)
        origin = " (given)" if self._given_assembly else ""
        resources = count_resources(self._assembly)
        return f"{len(names)} stacks, {resources} resources in {self._assembly}{origin}"

    def _start(self, say: Say) -> str:
        say("waiting until it serves")
        self.emulator.start(port=self._port, outlive=self._outlive)
        memory = self.emulator.page("health")["rss_bytes"] / 1e6
        where = self.emulator.endpoint.url
        return f"serves at {where}, process {self.emulator.pid}, {memory:.0f} MB"

    def _bootstrap(self, say: Say) -> str:
        say("the CDK CLI makes its toolkit stack")
        self._cdk.bootstrap(endpoint=self.emulator.endpoint, watch=self.emulator.check_alive)
        state = self._stack_states().get("CDKToolkit", "missing")
        if state != COMPLETE:
            raise RehearsalError(f"cdk bootstrap ended well, but the stack CDKToolkit is {state}")
        return f"the unmodified CDK CLI made its toolkit stack in account {ACCOUNT}"

    def _deploy(self, say: Say) -> str:
        names = stack_names(self._assembly)

        def watch(log: str) -> None:
            self.emulator.check_alive()
            say(f"{log.count(STACK_DONE)} of {len(names)} stacks")

        self._cdk.deploy(self._assembly, endpoint=self.emulator.endpoint, watch=watch)
        states = self._stack_states()
        incomplete = [
            f"{name}: {state}"
            for name in names
            if (state := states.get(name, "missing")) != COMPLETE
        ]
        if incomplete:
            raise RehearsalError(f"cdk deploy ended well, but not every stack is: {incomplete}")
        return f"{len(names)} stacks {COMPLETE} by the unmodified CDK CLI"

    def _tear_down(self, say: Say) -> str:
        def destroy() -> None:
            self._cdk.destroy(
                self._assembly,
                endpoint=self.emulator.endpoint,
                watch=lambda _log: self.emulator.check_alive(),
            )

        teardown = Teardown(
            client=self.client,
            assembly=self._assembly,
            names=stack_names(self._assembly),
            groups=[
                self.output(pipeline.stack, "ModelPackageGroupName")
                for pipeline in self._settings.pipelines.values()
            ],
            destroy=destroy,
        )
        return (
            teardown.keep_protected(say) if self._settings.keeps_data else teardown.take_down(say)
        )

    def _stack_states(self) -> dict[str, str]:
        pages = self.client("cloudformation").get_paginator("describe_stacks").paginate()
        return {
            stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["Stacks"]
        }
