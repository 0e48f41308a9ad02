"""Says how other programs reach a running emulator, without showing its key."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from rehearsal.targets.local.toolchain import ACCOUNT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.targets.local.emulator_process import EmulatorProcess


def write_exports(emulator: EmulatorProcess, *, region: str, file: Path) -> str:
    """Write what a shell needs so that ``aws``, boto3 and ``cdk`` reach the emulator only.

    Args:
        emulator: The running emulator.
        region: Where its clients believe to be.
        file: Where the lines go, readable by its own user alone, since the key is among them.

    Returns:
        What to type.
    """
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(_lines(emulator, region=region))
    return (
        f". {shlex.quote(str(file))}   # in a shell: aws, boto3 and cdk then reach it, "
        f"at {emulator.endpoint.url}\n"
        f"# to stop the emulator: kill {emulator.pid}"
    )


def _lines(emulator: EmulatorProcess, *, region: str) -> str:
    variables = {
        **emulator.endpoint.variables(region=region),
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
    return "\n".join([*lines, ""])
