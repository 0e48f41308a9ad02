"""Runs a program, and ends its whole process group when whoever started it is gone.

A process that is killed cannot clean up. Its end of a pipe closes all the same, and the guard,
which reads the other end as its standard input, then ends the group: ``guard.py <program> …``.
It imports nothing but the standard library, for it is started as a file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main(arguments: list[str]) -> int:
    """Run the program to its end; the result is its exit code."""
    child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


def _end_with_standard_input() -> None:
    # Not sys.stdin.read(): a thread inside a buffered reader disturbs the interpreter's end.
    while os.read(0, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
