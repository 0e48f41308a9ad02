"""Landlock: a process of no privilege gives up parts of the file system for good."""

from __future__ import annotations

import ctypes
import os
import stat

from aws_understudy.sandbox.launcher.kernel import NO_NEW_PRIVILEGES, control, libc, require

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_BELOW_A_PATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_TRUNCATE = 1 << 14
_IOCTL = 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_FOLDER
_ON_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_RIGHTS_BY_VERSION = (0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1)
_SCOPES_SINCE = 6
_ABSTRACT_SOCKETS_AND_SIGNALS = 3


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Below(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version of Landlock in the kernel; 0 where there is none."""
    return max(0, int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)))


def restrict(*, readable: list[str], writable: list[str]) -> None:
    """Leave this process, and all it starts, only these paths; one that is absent is passed over.

    Raises:
        OSError: the kernel has no Landlock.
    """
    known = version()
    rights = _RIGHTS_BY_VERSION[min(known, len(_RIGHTS_BY_VERSION) - 1)]
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if known >= _SCOPES_SINCE else 0
    rules = _Rules(files=rights, network=0, scopes=scopes)
    size = ctypes.c_size_t(ctypes.sizeof(rules) if known >= _SCOPES_SINCE else 8)
    ruleset = require(libc.syscall(_CREATE, ctypes.byref(rules), size, 0), "Landlock")
    for path in readable:
        _allow(ruleset, path, _READ & rights)
    for path in writable:
        _allow(ruleset, path, rights)
    control(NO_NEW_PRIVILEGES, 1)
    require(libc.syscall(_RESTRICT, ruleset, 0), "Landlock")
    os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not stat.S_ISDIR(os.fstat(parent).st_mode):
        allowed &= _ON_A_FILE
    rule = _Below(allowed=allowed, parent=parent)
    result = libc.syscall(_ADD, ruleset, _BELOW_A_PATH, ctypes.byref(rule), 0)
    os.close(parent)
    require(result, f"Landlock {path}")
