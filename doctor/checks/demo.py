"""Demo: loopback can be listened on, and no other demo is in the way."""

from __future__ import annotations

import fcntl
import json
import socket
import urllib.request
from typing import TYPE_CHECKING, Final

from doctor.finding import good, stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from doctor.finding import Finding
    from doctor.machine import Machine

FOLDER: Final = "build/rehearsal"
SECONDS: Final = 10.0


def port(_machine: Machine) -> Iterator[Finding]:
    """The emulator takes whichever port of 127.0.0.1 is free."""
    try:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            yield good("ports", "127.0.0.1 has a free one; the demo needs no fixed port")
    except OSError as error:
        seen = f"nobody may listen on 127.0.0.1 ({error.strerror})"
        yield stop("ports", seen, "allow it: the emulator serves there")


def other_demo(machine: Machine) -> Iterator[Finding]:
    """No demo runs in this clone, and none has left its emulator up."""
    folder = machine.root / FOLDER
    if _is_taken(folder / ".lock"):
        yield stop("other demo", f"one is running in {folder}", "wait for it, or end it")
        return
    running = _kept(folder / "emulator" / "ready.json")
    if running:
        seen = f"an emulator that was kept serves at {running['endpoint_url']}"
        yield stop("other demo", seen, f"end it: kill {running['pid']}")
        return
    yield good("other demo", "none is running in this clone")


def _is_taken(lock: Path) -> bool:
    try:
        with lock.open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _kept(ready: Path) -> dict[str, str]:
    """How an emulator that still serves is reached; empty where none does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with ready.open(encoding="utf-8") as file:
            running: dict[str, str] = json.load(file)
        page = f"{running['endpoint_url']}/_understudy/health"
        with opener.open(page, timeout=SECONDS) as answer:
            json.load(answer)
    except (OSError, ValueError, KeyError):
        return {}
    return running
