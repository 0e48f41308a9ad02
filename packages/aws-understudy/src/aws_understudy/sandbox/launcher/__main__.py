"""``python -I -S <this file> <file of the order> [more of the command ...]``.

Three processes: this one, outside, ends all with the emulator; its child, the first of the PID
namespace where there is one, watches the command; the child of that becomes the command.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import sys

sys.path.insert(0, __file__.rsplit("/", 4)[0])

from aws_understudy.sandbox.launcher import kernel, root
from aws_understudy.sandbox.launcher.command import FAILED, INSIDE, become
from aws_understudy.sandbox.launcher.signals import Signals
from aws_understudy.sandbox.launcher.watch import SIGNALS, Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aws_understudy.sandbox.order import Ending, Order

_ALIVE_SECONDS = 1.0


def main() -> None:
    """Carry the order out, and end as the command does."""
    with open(sys.argv[1]) as file:
        order: Order = json.load(file)
    order["command"] += sys.argv[2:]
    if INSIDE in os.environ:
        # A command that is, by some way, the launcher again would start itself without an end.
        print("sandbox: a sandbox does not start in a sandbox", file=sys.stderr)
        sys.exit(FAILED)
    if os.getppid() != order["parent"]:
        sys.exit(FAILED)  # the emulator has ended meanwhile
    signals = Signals(SIGNALS)
    read, write = os.pipe()
    alive, held = os.pipe()  # whoever reads sees the end of this process
    try:
        if order["level"] == "namespaces":
            _enter_user_namespace()
        watcher = os.fork()
    except OSError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        sys.exit(FAILED)
    if watcher == 0:
        os.close(read)
        os.close(held)
        _watch(order, answer=write, alive=alive)
    os.close(write)
    os.close(alive)
    _close_protocol()
    _follow(order, signals, watcher)
    with open(read, "rb") as pipe:
        ending = pipe.read()
    if not ending:
        sys.exit(FAILED)
    _end(order, json.loads(ending))


def _enter_user_namespace() -> None:
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USER | kernel.NEW_PIDS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _watch(order: Order, *, answer: int, alive: int) -> None:
    """Enter the sandbox, start the command, watch it; does not come back."""
    first = order["level"] == "namespaces"
    if first and os.getpid() != 1:
        os._exit(FAILED)  # ending "all processes" would end those of the host
    try:
        if sys.platform == "linux":
            kernel.control(kernel.DEATH_SIGNAL, signal.SIGKILL if first else signal.SIGQUIT)
            kernel.control(kernel.SUBREAPER, 1)
        if first:
            isolated = 0 if order["network"] else kernel.NEW_NETWORK
            kernel.unshare(kernel.NEW_MOUNTS | kernel.NEW_IPC | kernel.NEW_UTS | isolated)
            if isolated:
                root.raise_loopback()
            root.enter_root(order)
        if sys.platform == "linux":
            kernel.control(kernel.DUMPABLE, 0)  # the command cannot look into this process
        _come_first()
        watch = Watch(order, first=first)
        command = os.fork()
        if command == 0:
            become(order)
        _close_protocol()
        os.set_blocking(alive, False)
        with contextlib.suppress(BlockingIOError):
            os.read(alive, 1)
            os.kill(os.getpid(), signal.SIGQUIT)  # the launcher ended before it was followed
        ending = watch.until_end(command)
        os.write(answer, json.dumps(ending).encode())
        os._exit(0)
    except OSError as error:
        print(f"sandbox: {error}", file=sys.stderr)
    finally:
        os._exit(FAILED)


def _come_first() -> None:
    """Where the system allows it, run before the command: many processes cannot outrun limits."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(-20, os.getpriority(os.PRIO_PROCESS, 0) - 10))


def _follow(order: Order, signals: Signals, watcher: int) -> None:
    """Pass signals on until the watcher has ended; end it with the emulator."""
    parent = _descriptor_of(order["parent"])
    while os.waitpid(watcher, os.WNOHANG)[0] == 0:
        for number in signals.wait(_ALIVE_SECONDS, also=parent):
            if number != signal.SIGCHLD:
                os.kill(watcher, number)
        if os.getppid() != order["parent"]:
            os.kill(watcher, signal.SIGQUIT)
            os.waitpid(watcher, 0)
            return


def _descriptor_of(process: int) -> int:
    try:
        return os.pidfd_open(process)
    except (AttributeError, OSError):
        return -1  # _follow looks at the parent every second, too


def _close_protocol() -> None:
    """Leave standard input and output to the command alone; the file of a log is kept."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    if not os.isatty(1) and _is_pipe(1):
        os.dup2(null, 1)


def _is_pipe(descriptor: int) -> bool:
    return stat.S_ISFIFO(os.fstat(descriptor).st_mode)


def _end(order: Order, ending: Ending) -> None:
    if order["report"]:
        with open(order["report"], "w") as file:
            json.dump(ending, file)
    if ending["limit"]:
        print(f"sandbox: {ending['limit']} exceeded: {ending['amount']}", file=sys.stderr)
    status = ending["status"]
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        sys.stderr.flush()
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
