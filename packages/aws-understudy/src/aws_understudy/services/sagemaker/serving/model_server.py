"""Starts the process that serves one model, and talks to it."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.archives import unpack
from aws_understudy.services.sagemaker.containers.failures import (
    JobFailedError,
    JobStoppedError,
    last_lines,
)
from aws_understudy.services.sagemaker.containers.images import local_runtime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.services.sagemaker.containers.containers import Exit
    from aws_understudy.services.sagemaker.containers.machine import Machine
    from aws_understudy.services.sagemaker.containers.tools import Tools

_SERVER: Final = str(Path(__file__).with_name("server.py"))
_SOCKETS: Final = "/run/model"
_SOCKET: Final = "http"
_START_SECONDS: Final = 120.0
_ANSWER_SECONDS: Final = 60.0
"""A real-time model must answer within a minute; SageMaker has the same limit."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the model's server answered."""

    status: int
    content_type: str
    body: bytes


class ModelServer:
    """One serving process; ``start`` returns when it answers /ping."""

    def __init__(
        self, *, tools: Tools, container: Mapping[str, Any], machine: Machine, folder: Path
    ) -> None:
        self._tools = tools
        self._container = container
        self._machine = machine
        self._folder = folder
        self._socket_folder = folder / "socket"
        self._stop = threading.Event()
        self._exit: Exit | None = None
        self._thread: threading.Thread | None = None
        self.note = local_runtime(container["Image"]).note

    @property
    def peak_rss_bytes(self) -> int:
        """Peak memory, known once the process has ended."""
        return self._exit.peak_rss_bytes if self._exit else 0

    def start(self, *, log_group: str, stream: str, cancelled: threading.Event) -> None:
        """Unpack the model, start its server and wait until it is healthy.

        Raises:
            JobFailedError: it is not healthy in time, with its last words.
            JobStoppedError: ``cancelled`` was set meanwhile.
        """
        ml = self._folder / "ml"
        (ml / "model").mkdir(parents=True)
        self._socket_folder.mkdir()
        unpack(
            self._tools.objects.read(str(self._container["ModelDataUrl"])),
            ml / "model",
            uri=str(self._container["ModelDataUrl"]),
            of="a model",
            disk_bytes=self._machine.limits().disk_bytes,
        )
        log = self._folder / "log.txt"
        log.write_text(f"[emulator] {self.note}; {self._tools.containers.note}\n")
        self._thread = threading.Thread(
            target=self._run, args=(ml, log, log_group, stream), daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if cancelled.is_set():
                self.stop()
                raise JobStoppedError
            if not self._thread.is_alive():
                limit = self._exit.limit if self._exit else ""
                reason = limit or last_lines(log)
                raise JobFailedError(f"The model's server ended at its start. {reason}")
            if (self._socket_folder / _SOCKET).exists() and self._healthy():
                return
            time.sleep(0.05)
        self.stop()
        raise JobFailedError(
            f"The container did not pass the ping health check within {_START_SECONDS:.0f} s. "
            f"{last_lines(log)}"
        )

    def invoke(self, body: bytes, *, content_type: str, accept: str) -> Answer:
        """Pass one request to the model.

        Raises:
            OSError: the server is gone or does not answer in time.
        """
        connection = _Connection(self._socket_folder, timeout=_ANSWER_SECONDS)
        try:
            headers = {"Content-Type": content_type, "Accept": accept}
            connection.request("POST", "/invocations", body=body, headers=headers)
            reply = connection.getresponse()
            kind = reply.headers.get("Content-Type", "")
            return Answer(status=reply.status, content_type=kind, body=reply.read())
        finally:
            connection.close()

    def stop(self) -> None:
        """End the process, wait for its end, and delete what it left."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        for name in ("ml", "tmp", "socket"):
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def _healthy(self) -> bool:
        connection = _Connection(self._socket_folder, timeout=2)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _run(self, ml: Path, log: Path, log_group: str, stream: str) -> None:
        shipper = self._tools.ship(log_group, stream, log)
        containers = self._tools.containers
        environment = {
            "SM_MODEL_DIR": "/opt/ml/model",
            **self._container.get("Environment", {}),
            "UNDERSTUDY_SOCKET": f"{containers.place(_SOCKETS, self._socket_folder)}/{_SOCKET}",
        }
        self._exit = containers.run(
            ["python3", _SERVER],
            folder=ml,
            log=log,
            environment=environment,
            machine=self._machine,
            shared={_SOCKETS: self._socket_folder},
            readable=[Path(_SERVER)],
            stop=self._stop,
            tick=shipper.flush,
        )
        shipper.flush()


class _Connection(http.client.HTTPConnection):
    """HTTP to the socket in a folder."""

    def __init__(self, folder: Path, *, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._folder = folder

    def connect(self) -> None:
        """Connect; the folder's path may be longer than that of a socket may be."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        if sys.platform != "linux":
            self.sock.connect(str(self._folder / _SOCKET))
            return
        folder = os.open(self._folder, os.O_PATH)
        try:
            self.sock.connect(f"/proc/self/fd/{folder}/{_SOCKET}")
        finally:
            os.close(folder)
