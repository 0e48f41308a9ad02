"""Becomes the command: the last steps, in the process that is to be it."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys

from aws_understudy.sandbox.launcher import kernel, landlock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aws_understudy.sandbox.order import Order

FAILED = 125
"""The exit code where the sandbox, not the command, failed."""
INSIDE = "UNDERSTUDY_SANDBOX"
"""The variable that a sandboxed command has, so that the launcher knows itself inside."""
_DATA_FACTOR, _DATA_MARGIN = 2, 2 << 30
"""Above the limit on memory: what is reserved is more than what is used."""
_COUNTS_BY_NAMESPACE = (5, 14)
_MACHINE = (
    *("/proc/self", "/proc/cpuinfo", "/proc/filesystems", "/proc/loadavg", "/proc/meminfo"),
    *("/proc/mounts", "/proc/stat", "/proc/sys", "/proc/uptime", "/proc/version"),
    *("/sys/devices/system/cpu", "/sys/fs/cgroup"),
)
"""With Landlock. Of /proc not all: it shows the environment of the user's other processes."""
_DEVICES = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))


def become(order: Order) -> None:
    """Execute the command; does not come back."""
    try:
        os.setsid()
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, order["nice"])
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        if order["folder"]:
            os.chdir(order["folder"])
        _limit(order)
        if order["level"] == "landlock":
            landlock.restrict(
                readable=[*(source for source, _ in order["readable"]), *_MACHINE],
                writable=[*(source for source, _ in order["writable"]), *_DEVICES],
            )
        if order["level"] == "namespaces" or (order["level"] == "landlock" and os.geteuid() == 0):
            kernel.drop_privileges()
        program, variables = order["command"][0], _environment(order)
        os.execvpe(program, order["command"], variables)  # noqa: S606 - that is the task
    except OSError as error:
        print(f"sandbox: cannot start {order['command'][0]}: {error}", file=sys.stderr)
    finally:
        os._exit(FAILED)


def _environment(order: Order) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in order["unset"]}
    return kept | order["set"] | {INSIDE: order["level"]}


def _limit(order: Order) -> None:
    most = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: order["disk_bytes"],
        resource.RLIMIT_DATA: order["memory_bytes"] * _DATA_FACTOR + _DATA_MARGIN,
        resource.RLIMIT_NOFILE: order["open_files"],
    }
    if order["level"] == "namespaces" and kernel.version() >= _COUNTS_BY_NAMESPACE:
        most[resource.RLIMIT_NPROC] = order["processes"]
    for kind, value in most.items():
        _, hard = resource.getrlimit(kind)
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (least, least))
    if sys.platform == "linux":
        kernel.control(kernel.DUMPABLE, 1)
