"""The emulator as a process: start it, know whether it lives, stop it."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError
from rehearsal.targets.local.clients import read_page
from rehearsal.targets.local.processes import POLL_SECONDS, last_lines, stop_group
from rehearsal.targets.local.toolchain import ACCOUNT, NOWHERE, ROOT, Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rehearsal.targets.local.toolchain import Toolchain

START_SECONDS = 60
READY_FILE = "ready.json"
PORT_REFUSED = 2
"""The emulator's exit code when it cannot listen on the port."""


class EmulatorProcess:
    """One emulator, on a loopback port; it ends with this process unless it is kept."""

    def __init__(self, *, toolchain: Toolchain, folder: Path, log: Path, region: str) -> None:
        self.log = log
        self.endpoint = NOWHERE
        self._toolchain = toolchain
        self._folder = folder
        self._region = region
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id, which is the id of its process group as well."""
        return self._running().pid

    def start(self, *, port: int, outlive: bool) -> None:
        """Start it and wait until it serves.

        Args:
            port: The loopback port; 0 chooses a free one.
            outlive: Whether it stays when this process ends; else the end of its standard
                input, which comes even if this process is killed, ends it.

        Raises:
            RehearsalError: the port is taken, or it did not start; with its last words.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        ready = self._folder / READY_FILE
        ready.unlink(missing_ok=True)
        arguments = [
            str(self._toolchain.python), "-m", "emulator", "--port", str(port),
            "--dir", str(self._folder), "--ready-file", str(ready),
            "--region", self._region, "--account", ACCOUNT,
            *([] if outlive else ["--exit-with-stdin"]),
        ]  # fmt: skip
        home = self._folder / "home"
        home.mkdir(exist_ok=True)
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL if outlive else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._toolchain.environment(home=home, endpoint=NOWHERE, region=self._region),
                cwd=ROOT,
                start_new_session=True,
            )
        self.endpoint = self._wait_until_ready(ready)

    @contextmanager
    def announced(self, file: Path) -> Iterator[None]:
        """Keep what its ready file says in another place as well, private, while it serves.

        Raises:
            RehearsalError: the file cannot be written.
        """
        unfinished = file.with_name(f".{file.name}.{self.pid}")
        try:
            unfinished.touch(mode=0o600)
            unfinished.write_bytes((self._folder / READY_FILE).read_bytes())
            unfinished.replace(file)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise RehearsalError(f"--ready {file}: {error.strerror}; give another file") from None
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def check_alive(self, _log: str = "") -> None:
        """Refuse to go on without it.

        Raises:
            RehearsalError: it has ended; with its last words.
        """
        code = self._running().poll()
        if code is not None:
            raise RehearsalError(
                f"the emulator has ended (exit code {code}): {last_lines(self.log)}\n"
                f"Whole log: {self.log}"
            )

    def ask(self, path: str) -> Any:
        """Answer of one of the emulator's own pages, such as ``/_capstone/fidelity``."""
        return read_page(f"{self.endpoint.url}{path}")

    def peak_memory_bytes(self) -> int | None:
        """The most memory it ever held, as the kernel counted; None where it does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return None
        lines = status.read_text().splitlines()
        peaks = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
        return int(peaks[0]) * 1024 if peaks else None

    def stop(self) -> None:
        """End it and all that it started."""
        if self._process is not None:
            stop_group(self._process)
            if self._process.stdin is not None:
                self._process.stdin.close()

    def wait(self) -> int:
        """Wait until it ends by itself."""
        return self._running().wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RehearsalError("the emulator has not been started")
        return self._process

    def _wait_until_ready(self, ready: Path) -> Endpoint:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            code = self._running().poll()
            if code == PORT_REFUSED:
                raise RehearsalError(last_lines(self.log))
            if code is None and time.monotonic() > deadline:
                raise RehearsalError(
                    f"the emulator does not serve after {START_SECONDS} s; log: {self.log}"
                )
            self.check_alive()
            time.sleep(POLL_SECONDS)
        answer: Mapping[str, str] = json.loads(ready.read_text())
        return Endpoint(
            url=answer["endpoint_url"],
            access_key_id=answer["access_key_id"],
            secret_access_key=answer["secret_access_key"],
        )
