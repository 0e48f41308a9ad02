"""Runs the command of a container as a sandboxed process that sees its job folder at /opt/ml."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.sandbox.ending import Ended
from aws_understudy.sandbox.sandboxes import Sandbox
from aws_understudy.services.sagemaker.inputs import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_understudy.core.service import Context
    from aws_understudy.sandbox.sandboxes import Sandboxes
    from aws_understudy.services.sagemaker.containers.machine import Machine

_ML: Final = re.compile(r"(?<![\w./-])/opt/ml(?=[/:\s]|$)")
_TMP: Final = "/tmp"  # noqa: S108 - the container's own, not the host's
_TICK_SECONDS: Final = 0.05
_FLUSH_SECONDS: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How a process ended."""

    code: int
    peak_rss_bytes: int
    timed_out: bool = False
    stopped: bool = False
    limit: str = ""
    """Why it was ended, where it exceeded a limit of its instance."""


@dataclass(kw_only=True)
class Containers:
    """Starts processes in the place of containers, and ends all of them on ``close``."""

    context: Context
    sandboxes: Sandboxes
    _running: dict[int, subprocess.Popen[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    @property
    def note(self) -> str:
        """How a container is kept apart, for the first line of its log."""
        return self.sandboxes.level.note

    def check(self, machine: Machine) -> None:
        """Refuse what this system cannot keep apart.

        Raises:
            AwsError: the container must have no network, and the system cannot do without.
        """
        if not machine.network and not self.sandboxes.level.isolates_network:
            raise invalid(
                "EnableNetworkIsolation needs user namespaces, which this system does not allow; "
                f"jobs run {self.note}. Nothing was run."
            )

    def visible(self, text: str, folder: Path) -> str:
        """A text of the container with its paths as the process can open them."""
        if self.sandboxes.level.moves_folders:
            return text
        return _ML.sub(lambda _: str(folder), text)

    def place(self, shown_at: str, folder: Path) -> str:
        """Where the process finds a folder that is shown to it at ``shown_at``."""
        return shown_at if self.sandboxes.level.moves_folders else str(folder)

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        log: Path,
        environment: Mapping[str, str],
        machine: Machine,
        stop: threading.Event,
        working_folder: str = "/opt/ml",
        shared: Mapping[str, Path] | None = None,
        readable: Sequence[Path] = (),
        timeout: float | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> Exit:
        """Run a command to its end; ``tick`` is called about once a second meanwhile.

        Args:
            command: the container's own, with its paths.
            folder: what it sees at /opt/ml.
            log: what it prints is appended there.
            environment: the container's variables.
            machine: what bounds it.
            stop: set to end it.
            working_folder: as the container sees it.
            shared: more folders that it may write, by where it sees them.
            readable: files and folders beside the system's that it may read.
            timeout: seconds.
            tick: called meanwhile.
        """
        limits = machine.limits()
        report = folder.with_name("ended.json")
        sandbox = Sandbox(
            limits=limits,
            writable={"/opt/ml": folder, _TMP: _made(folder.with_name("tmp")), **(shared or {})},
            readable=readable,
            folder=self.visible(working_folder, folder),
            network=machine.network,
            report=report,
        )
        arguments = [self.visible(argument, folder) for argument in command]
        values = {key: self.visible(value, folder) for key, value in environment.items()}
        values = {**self._base_environment(folder), **values}
        with log.open("ab") as stream, self._lock:
            if self._closed:
                return Exit(code=-signal.SIGTERM, peak_rss_bytes=0, stopped=True)
            process = subprocess.Popen(
                self.sandboxes.arguments(sandbox, arguments),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=values,
                cwd=folder,
                start_new_session=True,
            )
            self._running[process.pid] = process
        try:
            timed_out, stopped = _await(process, stop=stop, timeout=timeout, tick=tick)
        finally:
            with self._lock:
                self._running.pop(process.pid)
        ended = Ended.read(report)
        return Exit(
            code=process.returncode,
            peak_rss_bytes=ended.peak_bytes,
            timed_out=timed_out,
            stopped=stopped,
            limit=ended.reason(limits, folder=folder),
        )

    def close(self) -> None:
        """End every process that still runs, with all it started."""
        with self._lock:
            self._closed = True
            for process in self._running.values():
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGQUIT)  # the sandbox ends all of it at once

    def _base_environment(self, folder: Path) -> dict[str, str]:
        # Nothing of the user's environment: no credentials, no HOME.
        home = self.place(_TMP, folder.with_name("tmp"))
        return {
            "PATH": os.pathsep.join(
                [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
            ),
            "HOME": home,
            "TMPDIR": home,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            # Two jobs run at a time; threads that outnumber the cores spin against each other.
            "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 2) // 2)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_ENDPOINT_URL": self.context.endpoint_url,
            "AWS_REGION": self.context.region,
            "AWS_DEFAULT_REGION": self.context.region,
            **self.context.credentials.variables(),
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _await(
    process: subprocess.Popen[Any],
    *,
    stop: threading.Event,
    timeout: float | None,
    tick: Callable[[], None],
) -> tuple[bool, bool]:
    """Wait for the end; whether it took too long, and whether it was stopped."""
    deadline = None if timeout is None else time.monotonic() + timeout
    flushed = time.monotonic()
    timed_out = stopped = False
    while process.poll() is None:
        clock = time.monotonic()
        ending = timed_out or stopped
        if not ending and (stop.is_set() or (deadline is not None and clock > deadline)):
            stopped = stop.is_set()
            timed_out = not stopped
            process.terminate()  # the sandbox passes it on, and ends all after its grace
        if clock - flushed > _FLUSH_SECONDS:
            flushed = clock
            tick()
        time.sleep(_TICK_SECONDS)
    return timed_out, stopped
