"""What of the system a sandboxed command can read."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SYSTEM: Final = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"),
    *("/etc/alternatives", "/etc/fonts", "/etc/gai.conf", "/etc/host.conf", "/etc/hosts"),
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"),
    *("/etc/mime.types", "/etc/nsswitch.conf", "/etc/pki/ca-trust", "/etc/pki/tls/cert.pem"),
    *("/etc/pki/tls/certs", "/etc/protocols", "/etc/resolv.conf", "/etc/services"),
    *("/etc/ssl/cert.pem", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone"),
)
"""Programs and libraries; of /etc, only what holds no secret: real root can read all of it."""


@cache
def system_places() -> tuple[tuple[str, str], ...]:
    """The system and the interpreter of the emulator: each real path, and where it is seen."""
    return tuple(pairs([*_SYSTEM, *_interpreter()]))


def pairs(paths: Iterable[str | Path]) -> Iterator[tuple[str, str]]:
    """Each path that exists, as its real path and itself."""
    for path in dict.fromkeys(map(str, paths)):
        if Path(path).exists():
            yield str(Path(path).resolve()), path


def _interpreter() -> Iterator[str]:
    yield from (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    yield str(Path(sys.prefix).resolve())
    # The program may be a link to a link: each of them must be there.
    program = sys.executable
    while True:
        folder = Path(program).parent
        if folder.name == "bin":
            yield str(folder.parent)
        if not Path(program).is_symlink():
            return
        program = os.path.normpath(folder / Path(program).readlink())
