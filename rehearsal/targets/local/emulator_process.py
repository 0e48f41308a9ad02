"""The emulator of a rehearsal: an understudy that knows nothing of the user's account."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aws_understudy import Understudy, UnderstudyError
from rehearsal.errors import RehearsalError
from rehearsal.targets.local.toolchain import ACCOUNT, NOWHERE, ROOT, Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rehearsal.targets.local.toolchain import Toolchain


class EmulatorProcess:
    """One emulator, on a loopback port; it ends with this process unless it is kept."""

    def __init__(self, *, toolchain: Toolchain, folder: Path, log: Path, region: str) -> None:
        self.log = log
        self.endpoint = NOWHERE
        self._toolchain = toolchain
        self._folder = folder
        self._region = region
        self._understudy: Understudy | None = None

    @property
    def pid(self) -> int:
        """The process id, which is the id of its process group as well."""
        return self._running().pid

    def start(self, *, port: int, outlive: bool) -> None:
        """Start it and wait until it serves.

        Args:
            port: The loopback port; 0 chooses a free one.
            outlive: Whether it stays when this process ends.

        Raises:
            RehearsalError: the port is taken, or it did not start; with its last words.
        """
        home = self._folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        self._understudy = understudy = Understudy(
            self._folder,
            port=port,
            region=self._region,
            account=ACCOUNT,
            node_modules=ROOT / "node_modules",
            variables=self._toolchain.environment(home=home, endpoint=NOWHERE, region=self._region),
            log=self.log,
            outlive=outlive,
        )
        try:
            understudy.start()
        except UnderstudyError as error:
            raise RehearsalError(f"{error}\nWhole log: {self.log}") from None
        self.endpoint = Endpoint(
            url=understudy.endpoint_url,
            access_key_id=understudy.access_key_id,
            secret_access_key=understudy.secret_access_key,
        )

    @contextmanager
    def announced(self, file: Path) -> Iterator[None]:
        """Keep what its ready file says in another place as well, private, while it serves.

        Raises:
            RehearsalError: the file cannot be written.
        """
        unfinished = file.with_name(f".{file.name}.{self.pid}")
        try:
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(self._running().ready_file.read_bytes())
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
        try:
            self._running().check_alive()
        except UnderstudyError as error:
            raise RehearsalError(f"{error}\nWhole log: {self.log}") from None

    def client(self, service: str) -> Any:
        """A boto3 client of it, whatever the user's shell and AWS profile say."""
        return self._running().client(service, retries={"max_attempts": 2}, read_timeout=300)

    def page(self, name: str) -> Any:
        """One of its own pages, such as ``fidelity``."""
        return self._running().page(name)

    def peak_memory_bytes(self) -> int | None:
        """The most memory it ever held, as the kernel counted; None where it does not tell."""
        return self._running().peak_memory_bytes()

    def stop(self) -> None:
        """End it and all that it started."""
        if self._understudy is not None:
            self._understudy.stop()

    def wait(self) -> int:
        """Wait until it ends by itself."""
        return self._running().wait()

    def _running(self) -> Understudy:
        if self._understudy is None:
            raise RehearsalError("the emulator has not been started")
        return self._understudy
