"""The unmodified CDK CLI, kept from any real account by its environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rehearsal.targets.local.processes import run_program
from rehearsal.targets.local.toolchain import ACCOUNT, NOWHERE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rehearsal.targets.local.toolchain import Endpoint, Toolchain

CONCURRENT_STACKS = "5"
CLI_CONTEXT = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
"""What ``cdk synth`` adds to the context, so that the templates are the ones it writes."""


class CdkCli:
    """The CLI, and the app's own program, with HOME and logs in the rehearsal's folder."""

    def __init__(self, *, toolchain: Toolchain, out: Path, region: str) -> None:
        self._toolchain = toolchain
        self._out = out
        self._region = region

    def synthesize(self, *, config: str, assembly: Path) -> None:
        """Run ``app.py`` into a folder; it validates, and its failure is told as it says it."""
        self._run(
            [str(self._toolchain.python), "app.py"],
            title="python app.py",
            log="synth",
            variables={
                "CONFIG": config,
                "CDK_OUTDIR": str(assembly),
                "CDK_CONTEXT_JSON": json.dumps(CLI_CONTEXT),
            },
            cwd=ROOT,
        )

    def bootstrap(self, *, endpoint: Endpoint, watch: Callable[[str], None]) -> None:
        """Make the CLI's own toolkit stack."""
        arguments = ["bootstrap", f"aws://{ACCOUNT}/{self._region}"]
        self._cdk(arguments, endpoint=endpoint, watch=watch)

    def deploy(self, assembly: Path, *, endpoint: Endpoint, watch: Callable[[str], None]) -> None:
        """Deploy every stack of an assembly; outputs go to ``outputs.json``."""
        arguments = [
            "deploy", "--app", str(assembly), "--all", "--require-approval", "never",
            "--concurrency", CONCURRENT_STACKS,
            "--outputs-file", str(self._out / "outputs.json"),
        ]  # fmt: skip
        self._cdk(arguments, endpoint=endpoint, watch=watch)

    def destroy(self, assembly: Path, *, endpoint: Endpoint, watch: Callable[[str], None]) -> None:
        """Delete every stack of an assembly, without asking."""
        arguments = ["destroy", "--app", str(assembly), "--all", "--force"]
        self._cdk(arguments, endpoint=endpoint, watch=watch)

    def _cdk(
        self, arguments: Sequence[str], *, endpoint: Endpoint, watch: Callable[[str], None]
    ) -> None:
        self._run(
            [str(self._toolchain.cdk), "--no-notices", *arguments],
            title=f"cdk {arguments[0]}",
            log=f"cdk-{arguments[0]}",
            variables=endpoint.variables(region=self._region),
            # There is no cdk.json there: with one, the CLI would synthesize the app first.
            cwd=self._out,
            watch=watch,
        )

    def _run(
        self,
        arguments: Sequence[str],
        *,
        title: str,
        log: str,
        variables: dict[str, str],
        cwd: Path,
        watch: Callable[[str], None] = lambda _log: None,
    ) -> None:
        home = self._out / "home"
        home.mkdir(parents=True, exist_ok=True)
        base = self._toolchain.environment(home=home, endpoint=NOWHERE, region=self._region)
        run_program(
            arguments,
            title=title,
            env={**base, **variables},
            cwd=cwd,
            log=self._out / "logs" / f"{log}.log",
            watch=watch,
        )
