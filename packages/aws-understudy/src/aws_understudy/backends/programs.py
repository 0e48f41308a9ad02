"""Guards what the back ends start: functions run in sandboxes, other programs do not run.

ministack starts Lambda functions, Glue scripts, JavaScript resolvers and scripts of its own start
as child processes with all that its user may do. Its modules find an object of this module where
they look for ``subprocess``.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import shutil
import subprocess
import tempfile
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aws_understudy.sandbox.limits import Limits
from aws_understudy.sandbox.sandboxes import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_understudy.sandbox.sandboxes import Sandboxes

_LAMBDA: Final = "ministack.core.lambda_runtime"
_FUNCTIONS: Final = "ministack.services.lambda_svc"
_REFUSED: Final = {
    "ministack.services.glue": "Glue jobs",
    _FUNCTIONS: "Lambda functions outside their workers",
    "ministack.core.node_pool": "JavaScript resolvers",
    "ministack.core.tls": "certificates of its own",
    "ministack.app": "scripts at its start",
}
_MEBIBYTE: Final = 1 << 20
_TMP: Final = "/tmp"  # noqa: S108 - the function's own, not the host's
_PROCESSES: Final = 1024
"""Source: AWS Lambda's developer guide, "Lambda quotas": processes and threads."""
_KEPT_PREFIXES: Final = ("AWS_", "_LAMBDA_", "LAMBDA_", "_MINISTACK_")
_KEPT_NAMES: Final = frozenset({"PATH", "LANG", "LC_ALL", "NODE_PATH", "_HANDLER"})

_function: ContextVar[Mapping[str, Any]] = ContextVar("function")
"""The configuration of the function whose worker is being started."""


def confine_programs(sandboxes: Sandboxes, folder: Path, *, readable: Sequence[Path]) -> None:
    """Put the stand-ins of ``subprocess`` into the back ends.

    Args:
        sandboxes: what a function runs in.
        folder: of the emulator's own; each function has its /tmp there.
        readable: what every function may read beside its code and the system.
    """
    runtime: Any = importlib.import_module(_LAMBDA)
    runtime.subprocess = FunctionPrograms(sandboxes=sandboxes, folder=folder, readable=readable)
    for worker in (runtime.Worker, runtime.ProvidedWorker):
        worker._spawn = _with_its_configuration(worker._spawn)  # noqa: SLF001 - see aws_understudy.backends.pins
    for module, what in _REFUSED.items():
        loaded: Any = importlib.import_module(module)
        loaded.subprocess = NoPrograms(what)
    functions: Any = importlib.import_module(_FUNCTIONS)
    functions._execute_function_docker = _no_such_runtime  # noqa: SLF001 - see aws_understudy.backends.pins
    functions._execute_function_local = _no_such_runtime  # noqa: SLF001 - ditto


class _Streams:
    """What callers of ``subprocess`` use of it beside starting programs."""

    PIPE = subprocess.PIPE
    DEVNULL = subprocess.DEVNULL
    STDOUT = subprocess.STDOUT
    TimeoutExpired = subprocess.TimeoutExpired
    CalledProcessError = subprocess.CalledProcessError


class NoPrograms(_Streams):
    """Starts nothing."""

    def __init__(self, what: str) -> None:
        self._what = what

    def Popen(self, *_arguments: Any, **_options: Any) -> NoReturn:  # noqa: N802 - its name
        """Refuse.

        Raises:
            OSError: always; the message says what is not run.
        """
        raise PermissionError(f"The emulator runs no {self._what}; nothing was run.")

    run = check_output = check_call = call = Popen


@dataclass(kw_only=True)
class FunctionPrograms(_Streams):
    """Starts workers of Lambda functions in sandboxes."""

    sandboxes: Sandboxes
    folder: Path
    readable: Sequence[Path]
    _started: list[tuple[subprocess.Popen[Any], Path]] = field(default_factory=list)

    def Popen(  # noqa: N802 - its name
        self, command: Sequence[str], *, cwd: str, env: Mapping[str, str], **streams: Any
    ) -> subprocess.Popen[Any]:
        """Start a worker; it reads its code, and writes in a /tmp of its own alone."""
        self._sweep()
        self.folder.mkdir(exist_ok=True)
        own = Path(tempfile.mkdtemp(dir=self.folder))
        tmp = own / "tmp"
        tmp.mkdir()
        configuration = _function.get()
        sandbox = Sandbox(
            limits=_limits(configuration),
            writable={_TMP: tmp},
            readable=[_code_folder(command, cwd), *self.readable],
            folder=cwd,
            report=own / "ended.json",
        )
        process = subprocess.Popen(
            self.sandboxes.arguments(sandbox, command),
            cwd=cwd,
            env={**_variables(env, configuration), **self._places(tmp)},
            start_new_session=True,
            **streams,
        )
        self._started.append((process, own))
        return process

    def _places(self, tmp: Path) -> dict[str, str]:
        place = _TMP if self.sandboxes.level.moves_folders else str(tmp)
        return {"HOME": place, "TMPDIR": place, "PYTHONDONTWRITEBYTECODE": "1"}

    def _sweep(self) -> None:
        """Delete what ended workers left."""
        ended = [(process, own) for process, own in self._started if process.poll() is not None]
        for entry in ended:
            with contextlib.suppress(ValueError):  # another thread took it
                self._started.remove(entry)
            shutil.rmtree(entry[1], ignore_errors=True)


def _no_such_runtime(function: Mapping[str, Any], *_arguments: Any) -> dict[str, Any]:
    """What an invocation answers in the place of ministack's made-up response."""
    configuration = function.get("config") or function
    image = configuration.get("PackageType") == "Image"
    kind = "container images" if image else f"the runtime {configuration.get('Runtime')}"
    message = (
        f"The emulator does not run {kind}; nothing was run. It runs zip packages of the runtimes "
        "python*, nodejs* and provided.*."
    )
    return {"body": {"errorMessage": message, "errorType": "Runtime.NotEmulated"}, "error": True}


def _with_its_configuration(spawn: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(spawn)
    def spawn_with_its_configuration(worker: Any, *arguments: Any, **options: Any) -> None:
        token = _function.set(worker.config)
        try:
            spawn(worker, *arguments, **options)
        finally:
            _function.reset(token)

    return spawn_with_its_configuration


def _limits(configuration: Mapping[str, Any]) -> Limits:
    storage = configuration.get("EphemeralStorage", {}).get("Size", 512)
    return Limits(
        memory_bytes=int(configuration.get("MemorySize", 128)) * _MEBIBYTE,
        disk_bytes=int(storage) * _MEBIBYTE,
        whose=f"the function {configuration.get('FunctionName', '')}",
        processes=_PROCESSES,
        shared_memory=False,
    )


def _code_folder(command: Sequence[str], cwd: str) -> Path:
    """The folder of the code, the layers and the worker's program; or that of a bootstrap."""
    return Path(command[1]).parent if len(command) > 1 else Path(cwd)


def _variables(env: Mapping[str, str], configuration: Mapping[str, Any]) -> dict[str, str]:
    own = configuration.get("Environment", {}).get("Variables", {})
    return {
        name: value
        for name, value in env.items()
        if name in own or name in _KEPT_NAMES or name.startswith(_KEPT_PREFIXES)
    }
