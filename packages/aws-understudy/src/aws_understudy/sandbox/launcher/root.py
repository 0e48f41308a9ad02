"""Builds the file system that a sandboxed process sees: a new root of few, read-only parts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct

from aws_understudy.sandbox.launcher import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aws_understudy.sandbox.order import Order

_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
_SAFE = kernel.NO_SUID | kernel.NO_DEVICES
_LOCKED = kernel.READ_ONLY_ATTRIBUTE | kernel.NO_SUID_ATTRIBUTE | kernel.NO_DEVICES_ATTRIBUTE
_SIOCSIFFLAGS, _UP = 0x8914, 0x1
_IDS_APART_SINCE = (6, 14)
_LEAST_LIMIT = 301
"""The kernel's own, of process ids."""


def enter_root(order: Order) -> None:
    """Build the root on the empty folder ``stage``, in mounts of this process alone, and enter it.

    Raises:
        OSError: the system does not allow it.
    """
    kernel.mount("none", "/", None, kernel.RECURSIVE | kernel.PRIVATE)
    root = order["stage"]
    kernel.mount("sandbox", root, "tmpfs", _SAFE, "mode=755,size=4m")
    writable = _writable(root, order)
    _readable(root, order)
    for name in ("proc", "dev", "etc"):
        os.makedirs(f"{root}/{name}", exist_ok=True)
    _accounts(root)
    devices = _devices(root)
    kernel.change_mount(root, add=_LOCKED, recursive=True)
    for path in writable:
        kernel.change_mount(path, remove=kernel.READ_ONLY_ATTRIBUTE)
    for source, target in devices:
        kernel.mount(source, target, None, kernel.BIND)
    _processes(root, order["processes"])
    kernel.change_root(root)


def raise_loopback() -> None:
    """Bring up the only interface of a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP))


def _writable(root: str, order: Order) -> list[str]:
    made = []
    for kind, size in (("tmp", order["tmp_bytes"]), ("dev/shm", order["shm_bytes"])):
        if size:
            target = f"{root}/{kind}"
            os.makedirs(target)
            kernel.mount("sandbox", target, "tmpfs", _SAFE, f"mode=1777,size={size}")
            made.append(target)
    for source, path in order["writable"]:
        target = root + path
        os.makedirs(target, exist_ok=True)
        kernel.mount(source, target, None, kernel.BIND)
        made.append(target)
    return made


def _readable(root: str, order: Order) -> None:
    mounted: list[str] = []
    for source, path in sorted(order["readable"], key=lambda pair: pair[1]):
        target = root + path
        if any(target.startswith(f"{above}/") for above in mounted) and os.path.lexists(target):
            continue  # a part of what is there already
        if os.path.islink(path) and path.count("/") == 1:
            os.symlink(os.readlink(path), target)  # such as /bin, a part of /usr
            continue
        # A writable folder of before may hold the empty place already.
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _touch(target)
        kernel.mount(source, target, None, kernel.BIND | kernel.RECURSIVE)
        mounted.append(target)


def _accounts(root: str) -> None:
    user, group = os.geteuid(), os.getegid()
    with open(f"{root}/etc/passwd", "w") as file:
        file.write(f"job:x:{user}:{group}::/tmp:/bin/sh\n")
    with open(f"{root}/etc/group", "w") as file:
        file.write(f"job:x:{group}:\n")


def _devices(root: str) -> list[tuple[str, str]]:
    for name, target in _LINKS.items():
        os.symlink(target, f"{root}/dev/{name}")
    for name in _DEVICES:
        _touch(f"{root}/dev/{name}")
    return [(f"/dev/{name}", f"{root}/dev/{name}") for name in _DEVICES]


def _processes(root: str, most: int) -> None:
    target = f"{root}/proc"
    kernel.mount("proc", target, "proc", _SAFE | kernel.NO_EXEC)
    # No namespaces within: they open much of the kernel to whoever has none of its rights.
    _write(f"{target}/sys/user/max_user_namespaces", "0")
    # RLIMIT_NPROC does not hold for real root; since Linux 6.14 each PID namespace has its own
    # highest id, which bounds processes and threads for everybody.
    if kernel.version() >= _IDS_APART_SINCE:
        _write(f"{target}/sys/kernel/pid_max", str(max(most, _LEAST_LIMIT)))
    # Real root outside is the owner of the kernel's settings in here, too.
    kernel.change_mount(target, add=kernel.READ_ONLY_ATTRIBUTE)


def _write(path: str, text: str) -> None:
    with contextlib.suppress(OSError), open(path, "w") as file:
        file.write(text)  # an older kernel lacks it; what else is in force does not rest on it


def _touch(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
