"""The public face: one understudy as a child process, and how to reach it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.request import ProxyHandler, build_opener

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

READY_FILE: Final = "ready.json"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 12.0
_POLL_SECONDS: Final = 0.05
_LAST_LINES: Final = 12
# Where botocore would look for what the user has configured: nowhere.
_NOTHING_OF_THE_USERS: Final = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class UnderstudyError(Exception):
    """It did not start, or has ended; the message has its last words."""


class Understudy:
    """AWS on loopback, for as long as the context lasts.

    Everything it keeps is in memory and in its folder, and ends with it. It lets in whoever signs
    with its key, which is made anew for each: ``client`` does, and so does every client that gets
    ``environment``.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int = 0,
        region: str = "us-east-1",
        account: str = "000000000000",
        node_modules: Path | None = None,
        options: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        log: Path | None = None,
        outlive: bool = False,
    ) -> None:
        """Describe it; ``start``, or entering the context, starts it.

        Args:
            folder: what it writes lies there; without one, in a temporary folder that ends with it.
            port: of 127.0.0.1; 0 takes a free one.
            region: where it is.
            account: whose it is, twelve digits.
            node_modules: what functions of Node.js may import, as CDK's own need
                ``@aws-sdk/client-s3``.
            options: more of the command's options, see ``aws-understudy --help``.
            variables: the whole environment of the process; without it, this process' own.
            log: what it prints goes there; without it, into its folder.
            outlive: whether it stays when this process ends.
        """
        self._temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="understudy-"))
        self.log = log or self.folder / "understudy.log"
        self._options = [
            *("--port", str(port), "--dir", str(self.folder), "--ready-file", str(self.ready_file)),
            *("--region", region, "--account", account),
            *(() if node_modules is None else ("--node-modules", str(node_modules))),
            *(() if outlive else ("--exit-with-stdin",)),
            *options,
        ]
        self._outlive = outlive
        self._variables = variables
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, Any] = {}
        # A session reads the models of services once; they are large.
        self._session = boto3.session.Session(
            botocore_session=botocore.session.Session(session_vars=_NOTHING_OF_THE_USERS)
        )

    def __enter__(self) -> Self:
        """Start it."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """End it, with all that it started."""
        self.stop()

    @property
    def endpoint_url(self) -> str:
        """Where it serves, such as ``http://127.0.0.1:43187``."""
        return str(self._answer("endpoint_url"))

    @property
    def region(self) -> str:
        """Where it is."""
        return str(self._answer("region"))

    @property
    def account(self) -> str:
        """Whose it is."""
        return str(self._answer("account"))

    @property
    def access_key_id(self) -> str:
        """The key of the account's root user, made for this run."""
        return str(self._answer("access_key_id"))

    @property
    def secret_access_key(self) -> str:
        """The secret of that key."""
        return str(self._answer("secret_access_key"))

    @property
    def pid(self) -> int:
        """The process id, which is the id of its process group as well."""
        return self.process.pid

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process itself.

        Raises:
            UnderstudyError: it has not been started.
        """
        if self._process is None:
            raise UnderstudyError(
                "the understudy has not been started; enter its context, or call start()"
            )
        return self._process

    @property
    def ready_file(self) -> Path:
        """The private file in which it says where it serves, and by which key."""
        return self.folder / READY_FILE

    def environment(self) -> dict[str, str]:
        """The variables with which any client of AWS reaches it, and nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, *, region: str | None = None, **options: Any) -> Any:
        """A boto3 client of it, such as ``client("s3")``, whatever profile or proxy the user has.

        It makes one attempt, so that errors are seen; ``options`` are those of botocore's Config.

        Raises:
            UnderstudyError: it does not serve yet, or has been stopped.
        """
        return self._session.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=region or self.region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            config=Config(**{"proxies": {}, "retries": {"max_attempts": 1}, **options}),
        )

    def page(self, name: str) -> Any:
        """One of its own pages: ``health``, ``fidelity``, ``operations`` or ``jobs``."""
        url = f"{self.endpoint_url}/_understudy/{name}"
        with build_opener(ProxyHandler({})).open(url, timeout=30) as answer:
            return json.load(answer)

    def peak_memory_bytes(self) -> int | None:
        """The most memory it ever held, as the kernel counted; None where it does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return None
        peaks = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM:" in line]
        return int(peaks[0]) * 1024 if peaks else None

    def start(self) -> None:
        """Start it and wait until it serves.

        Raises:
            UnderstudyError: the port or the folder is taken, or it did not start.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.ready_file.unlink(missing_ok=True)
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aws_understudy", *self._options],
                stdin=subprocess.DEVNULL if self._outlive else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._variables,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self.ready_file.exists():
            self.check_alive()
            if time.monotonic() > deadline:
                raise UnderstudyError(
                    f"the understudy does not answer after {_START_SECONDS:.0f} s; log: {self.log}"
                )
            time.sleep(_POLL_SECONDS)
        self._ready = json.loads(self.ready_file.read_text())

    def check_alive(self) -> None:
        """Pass while it runs.

        Raises:
            UnderstudyError: it has ended.
        """
        code = self.process.poll()
        if code is not None:
            raise UnderstudyError(
                f"the understudy has ended (exit code {code}): {self._last_lines()}"
            )

    def wait(self) -> int:
        """Wait until it ends by itself; its exit code."""
        return self.process.wait()

    def stop(self) -> int | None:
        """End it and all that it started; its exit code, or None where it never ran."""
        code = None
        self._ready = {}
        if self._process is not None:
            code = _end(self._process)
            if self._process.stdin is not None:
                self._process.stdin.close()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def _answer(self, name: str) -> Any:
        if self._ready:
            return self._ready[name]
        state = "does not serve yet" if self._process is None else "has been stopped"
        raise UnderstudyError(f"the understudy {state}; enter its context, or call start()")

    def _last_lines(self) -> str:
        if not self.log.exists():
            return "its log went with its temporary folder"
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines()]
        return "\n".join([line for line in lines if line][-_LAST_LINES:]) or "it printed nothing"


def _end(process: subprocess.Popen[bytes]) -> int:
    """End a process group; it may outlive its leader, so it is killed in any case."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()
