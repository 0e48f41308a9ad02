"""Runs a command with its job folder mounted at /opt/ml, for itself alone.

A stand-alone script: ``python -I launch.py <parent pid> <job folder> -- <command> [...]``. It
enters a user and a mount namespace of its own, which needs no root where the system allows user
namespaces; the host's file system is not changed. Exit code 125 means that the mounts failed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
from pathlib import Path

MOUNT_FAILED = 125
_NEW_NAMESPACES = 0x00020000 | 0x10000000  # CLONE_NEWNS | CLONE_NEWUSER
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _call(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _mount(source: str, target: str, kind: str | None, flags: int) -> None:
    encoded = (source.encode(), target.encode(), kind.encode() if kind else None)
    _call(_libc.mount(*encoded, ctypes.c_ulong(flags), None), f"mount {source} on {target}")


def enter_namespaces() -> None:
    """Leave the host's mounts; keep the user's own ids."""
    user, group = os.geteuid(), os.getegid()
    _call(_libc.unshare(_NEW_NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _mount("none", "/", None, _RECURSIVE | _PRIVATE)


def mount_job(folder: str) -> None:
    """Show the job folder at /opt/ml; where that is absent, over a copy of /opt's entries."""
    if not Path("/opt/ml").is_dir():
        _rebuild_opt()
    _mount(folder, "/opt/ml", None, _BIND | _RECURSIVE)


def _rebuild_opt() -> None:
    stage = Path(tempfile.mkdtemp(prefix="opt-"))
    _mount("tmpfs", str(stage), "tmpfs", 0)
    for entry in Path("/opt").iterdir():
        if entry.is_symlink():
            (stage / entry.name).symlink_to(entry.readlink())
        elif entry.is_dir():
            (stage / entry.name).mkdir()
            _mount(str(entry), str(stage / entry.name), None, _BIND | _RECURSIVE)
    (stage / "ml").mkdir()
    _mount(str(stage), "/opt", None, _BIND | _RECURSIVE)


def main() -> None:
    """Mount, then become the command."""
    parent, folder, command = int(sys.argv[1]), sys.argv[2], sys.argv[4:]
    try:
        if folder != "-":
            enter_namespaces()
            mount_job(folder)
    except OSError as error:
        print(f"cannot mount {folder} at /opt/ml: {error}", file=sys.stderr)
        sys.exit(MOUNT_FAILED)
    # The command must not outlive the emulator, even one that was killed.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(MOUNT_FAILED)
    work = os.environ.pop("CAPSTONE_WORKING_FOLDER", "")
    if work:
        os.chdir(work)
    os.execvp(command[0], command)  # noqa: S606 - the job's own command, no shell


if __name__ == "__main__":
    main()
