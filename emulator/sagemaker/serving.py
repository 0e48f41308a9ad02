"""Starts the process that serves one model, and talks to it."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emulator.sagemaker.archives import unpack
from emulator.sagemaker.failures import JobFailedError, JobStoppedError, last_lines
from emulator.sagemaker.images import local_runtime
from emulator.sagemaker.inputs import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.sagemaker.containers import Exit
    from emulator.sagemaker.job import Tools

_SERVER: Final = str(Path(__file__).with_name("server.py"))
_START_SECONDS: Final = 120.0
_ANSWER_SECONDS: Final = 60.0
"""A real-time model must answer within a minute; SageMaker has the same limit."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the model's server answered."""

    status: int
    content_type: str
    body: bytes


def container_of(model: Mapping[str, Any], packages: Mapping[str, Any]) -> dict[str, Any]:
    """The one container of a model, whether named itself or by a model package.

    Args:
        model: what DescribeModel told.
        packages: DescribeModelPackage of the package that the model names, else empty.

    Raises:
        AwsError: the model is one that cannot be served here.
    """
    containers = model.get("Containers") or [model.get("PrimaryContainer") or {}]
    if len(containers) != 1:
        raise invalid(f"The emulator serves one container a model, not {len(containers)}.")
    given = dict(containers[0])
    if packages:
        packed = packages["InferenceSpecification"]["Containers"][0]
        environment = {**packed.get("Environment", {}), **given.get("Environment", {})}
        given = {**packed, "Environment": environment}
    if given.get("Mode", "SingleModel") != "SingleModel" or not given.get("ModelDataUrl"):
        raise invalid("The emulator serves single models with a ModelDataUrl (model.tar.gz).")
    local_runtime(given.get("Image", ""))
    return given


class ModelServer:
    """One serving process; ``start`` returns when it answers /ping."""

    def __init__(self, *, tools: Tools, container: Mapping[str, Any], folder: Path) -> None:
        self._tools = tools
        self._container = container
        self._folder = folder
        self._stop = threading.Event()
        self._exit: Exit | None = None
        self._port = 0
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
        unpack(
            self._tools.objects.read(str(self._container["ModelDataUrl"])),
            ml / "model",
            uri=str(self._container["ModelDataUrl"]),
            of="a model",
        )
        log, port_file = self._folder / "log.txt", self._folder / "port"
        log.write_text(f"[emulator] {self.note}\n")
        self._thread = threading.Thread(
            target=self._run, args=(ml, log, port_file, log_group, stream), daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if cancelled.is_set():
                self.stop()
                raise JobStoppedError
            if not self._thread.is_alive():
                raise JobFailedError(f"The model's server ended at its start. {last_lines(log)}")
            if port_file.is_file():
                self._port = int(port_file.read_text())
                if self._healthy():
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
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_SECONDS)
        try:
            headers = {"Content-Type": content_type, "Accept": accept}
            connection.request("POST", "/invocations", body=body, headers=headers)
            reply = connection.getresponse()
            kind = reply.headers.get("Content-Type", "")
            return Answer(status=reply.status, content_type=kind, body=reply.read())
        finally:
            connection.close()

    def stop(self) -> None:
        """End the process and wait for its end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _run(self, ml: Path, log: Path, port_file: Path, log_group: str, stream: str) -> None:
        shipper = self._tools.ship(log_group, stream, log)
        environment = {
            "SM_MODEL_DIR": "/opt/ml/model",
            **self._container.get("Environment", {}),
            "CAPSTONE_PORT_FILE": str(port_file),
        }
        self._exit = self._tools.containers.run(
            ["python3", _SERVER],
            folder=ml,
            log=log,
            environment=environment,
            stop=self._stop,
            tick=shipper.flush,
        )
        shipper.flush()
