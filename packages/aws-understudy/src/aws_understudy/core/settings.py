"""What the command line of a running emulator sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aws_understudy.core.credentials import Credentials
    from aws_understudy.sandbox.level import Level


@dataclass(frozen=True, kw_only=True)
class EmulatorSettings:
    """The choices of one emulator process, checked by ``aws_understudy.command``."""

    port: int
    """The loopback port; 0 lets the system choose one."""
    directory: Path
    """What the emulator writes to disk is here; its ``work`` folder is deleted at the end."""
    ready_file: Path | None
    region: str
    account: str
    credentials: Credentials
    """The run's own key, made anew for each."""
    allowed_origins: frozenset[str]
    """Web pages that may drive it, such as ``http://127.0.0.1:5173``."""
    node_modules: Path | None
    """Where the Node modules lie that CDK's own Lambda functions need (``@aws-sdk/client-s3``)."""
    sandbox: Level
    """The strongest form in which jobs, models and functions may be kept apart."""
    log_level: str
    exit_with_stdin: bool

    @property
    def work_dir(self) -> Path:
        """A folder that lives as long as the process: Lambda code, pipeline jobs, spill files."""
        return self.directory / "work"
