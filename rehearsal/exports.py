"""Says how other programs reach a running emulator."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from rehearsal.local.toolchain import ACCOUNT, ROOT, client_variables

if TYPE_CHECKING:
    from rehearsal.local.emulator_process import EmulatorProcess


def exports(emulator: EmulatorProcess, *, region: str) -> str:
    """The lines for a shell in which ``aws``, boto3 and ``cdk`` reach the emulator only."""
    variables = {
        **client_variables(endpoint_url=emulator.endpoint_url, region=region),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": region,
        "CDK_DISABLE_CLI_TELEMETRY": "1",
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    # The pinned cdk, node and python: app.py needs the packages that are installed there.
    lines.append(f'export PATH={shlex.quote(str(ROOT / ".venv" / "bin"))}:"$PATH"')
    # A profile or a session of the user would win over the key.
    lines.insert(0, "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN")
    return "\n".join([*lines, f"# to stop the emulator: kill {emulator.pid}"])
