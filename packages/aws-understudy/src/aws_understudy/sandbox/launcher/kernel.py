"""System calls that the standard library lacks."""

from __future__ import annotations

import ctypes
import os
import platform

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PIDS, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
NO_SUID, NO_DEVICES, NO_EXEC = 2, 4, 8
READ_ONLY_ATTRIBUTE, NO_SUID_ATTRIBUTE, NO_DEVICES_ATTRIBUTE = 1, 2, 4
DEATH_SIGNAL, DUMPABLE, DROP_FROM_BOUND, SECURE_BITS = 1, 4, 24, 28
SUBREAPER, NO_NEW_PRIVILEGES = 36, 38

_SYS_MOUNT_SETATTR = 442
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}
_AT_FDCWD, _AT_RECURSIVE, _MNT_DETACH = -100, 0x8000, 2
_LAST_CAPABILITY = 63
_SECURE_NO_ROOT = 0b101111  # SECBIT_NOROOT and NO_SETUID_FIXUP, both locked; KEEP_CAPS locked off
_CAPABILITY_VERSION = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def require(result: int, what: str) -> int:
    """The result of a call.

    Raises:
        OSError: it is negative; the error is the kernel's, with what was tried.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def version() -> tuple[int, int]:
    """The version of the kernel."""
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int("".join(filter(str.isdigit, minor)) or 0)


def unshare(flags: int) -> None:
    """Enter new namespaces."""
    require(libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount, bind or change how mounts spread."""
    names = (source.encode(), target.encode(), kind.encode() if kind else None)
    data = options.encode() if options else None
    result = libc.mount(*names, ctypes.c_ulong(flags), data)
    require(result, f"mount {source} on {target}")


def change_mount(path: str, *, add: int = 0, remove: int = 0, recursive: bool = False) -> None:
    """Set and clear attributes of the mount at a path, and of those below it if recursive."""
    attributes = _MountAttributes(set=add, clear=remove)
    flags = _AT_RECURSIVE if recursive else 0
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    call = (_SYS_MOUNT_SETATTR, _AT_FDCWD, path.encode(), flags, ctypes.byref(attributes), size)
    require(libc.syscall(*call), f"mount_setattr {path}")


def change_root(path: str) -> None:
    """Make a mount the root and let go of the old one."""
    os.chdir(path)
    number = _SYS_PIVOT_ROOT.get(platform.machine(), -1)
    require(libc.syscall(number, b".", b"."), f"pivot_root {path}")
    require(libc.umount2(b".", _MNT_DETACH), "umount the old root")
    os.chdir("/")


def control(option: int, value: int) -> None:
    """Call prctl."""
    require(libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def drop_privileges() -> None:
    """Give up every capability for good, also for what is executed later."""
    for capability in range(_LAST_CAPABILITY):
        if libc.prctl(DROP_FROM_BOUND, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break  # the kernel knows no more
    control(SECURE_BITS, _SECURE_NO_ROOT)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    require(libc.capset(header, none), "capset")
    control(NO_NEW_PRIVILEGES, 1)
