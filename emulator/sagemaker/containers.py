"""Runs the command of a container as a process that sees its job folder at /opt/ml."""

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

from emulator.sagemaker.memory import peak_rss_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from emulator.service import Context

_LAUNCHER: Final = str(Path(__file__).with_name("launch.py"))
_ML: Final = re.compile(r"(?<![\w./-])/opt/ml(?=[/:\s]|$)")
_GRACE_SECONDS: Final = 3.0
_TICK_SECONDS: Final = 0.05
_FLUSH_SECONDS: Final = 1.0


def can_mount(scratch: Path) -> bool:
    """Whether this system lets this user mount a folder at /opt/ml for one process alone."""
    probe = scratch / "mount-probe"
    probe.mkdir(parents=True, exist_ok=True)
    (probe / "here").touch()
    look = [sys.executable, "-I", "-c", "import os; os.stat('/opt/ml/here')"]
    command = [sys.executable, "-I", _LAUNCHER, str(os.getpid()), str(probe), "--", *look]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How a process ended."""

    code: int
    peak_rss_bytes: int
    timed_out: bool = False
    stopped: bool = False


@dataclass(kw_only=True)
class Containers:
    """Starts processes in the place of containers, and ends all of them on ``close``."""

    context: Context
    mounted: bool
    """Whether /opt/ml is mounted; else paths that begin with it are rewritten."""
    _running: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def visible(self, text: str, folder: Path) -> str:
        """A text of the container with its paths as the process can open them."""
        return text if self.mounted else _ML.sub(lambda _: str(folder), text)

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        log: Path,
        environment: Mapping[str, str],
        stop: threading.Event,
        working_folder: str = "",
        timeout: float | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> Exit:
        """Run a command to its end; ``tick`` is called about once a second meanwhile.

        The calling thread must stay alive until then: the kernel ends the process with it.
        """
        arguments = [self.visible(argument, folder) for argument in command]
        values = {key: self.visible(value, folder) for key, value in environment.items()}
        values = {**self._base_environment(folder), **values}
        if working_folder:
            values["CAPSTONE_WORKING_FOLDER"] = self.visible(working_folder, folder)
        mount = str(folder) if self.mounted else "-"
        launcher = [sys.executable, "-I", _LAUNCHER, str(os.getpid()), mount, "--"]
        with log.open("ab") as stream, self._lock:
            if self._closed:
                return Exit(code=-signal.SIGTERM, peak_rss_bytes=0, stopped=True)
            process = subprocess.Popen(
                [*launcher, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=values,
                cwd=folder,
                start_new_session=True,
            )
            self._running.add(process.pid)
        try:
            return _await(process, stop=stop, timeout=timeout, tick=tick)
        finally:
            with self._lock:
                self._running.discard(process.pid)

    def close(self) -> None:
        """Kill every process that still runs, with all it started."""
        with self._lock:
            self._closed = True
            for group in self._running:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)

    def _base_environment(self, folder: Path) -> dict[str, str]:
        # Nothing of the user's environment: no credentials, no HOME.
        home = folder.parent / "home"
        home.mkdir(exist_ok=True)
        return {
            "PATH": os.pathsep.join(
                [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
            ),
            "HOME": str(home),
            "TMPDIR": str(home),
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


def _await(
    process: subprocess.Popen[Any],
    *,
    stop: threading.Event,
    timeout: float | None,
    tick: Callable[[], None],
) -> Exit:
    deadline = None if timeout is None else time.monotonic() + timeout
    flushed = time.monotonic()
    timed_out = stopped = False
    kill_at: float | None = None
    peak = 0
    while process.poll() is None:
        peak = max(peak, peak_rss_bytes(process.pid))
        clock = time.monotonic()
        if kill_at is None and (stop.is_set() or (deadline is not None and clock > deadline)):
            stopped = stop.is_set()
            timed_out = not stopped
            kill_at = clock + _GRACE_SECONDS
            _signal_group(process.pid, signal.SIGTERM)
        elif kill_at is not None and clock > kill_at:
            _signal_group(process.pid, signal.SIGKILL)
        if clock - flushed > _FLUSH_SECONDS:
            flushed = clock
            tick()
        time.sleep(_TICK_SECONDS)
    _signal_group(process.pid, signal.SIGKILL)  # what it left behind
    return Exit(code=process.returncode, peak_rss_bytes=peak, timed_out=timed_out, stopped=stopped)


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
