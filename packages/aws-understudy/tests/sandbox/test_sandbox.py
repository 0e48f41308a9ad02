from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from understudy_support.trial import MEBIBYTE
from understudy_support.waiting import until

from aws_understudy.sandbox.launcher import kernel
from aws_understudy.sandbox.level import Level
from aws_understudy.sandbox.places import system_places
from aws_understudy.sandbox.sandboxes import LAUNCHER

if TYPE_CHECKING:
    from understudy_support.sleeper import Sleeper
    from understudy_support.trial import Trial

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests look into /proc")


def can(trial: Trial, expression: str) -> bool:
    script = f"try:\n    {expression}\nexcept OSError:\n    print('refused')\nelse: print('done')"
    output = trial.run(f"import os, pathlib, socket\n{script}").output
    assert output in {"refused\n", "done\n"}
    return output == "done\n"


def test_output_and_exit_code_pass_through(trial: Trial) -> None:
    ran = trial.run("import sys; print('out'); sys.exit(7)")
    assert (ran.code, ran.output, ran.ended.limit) == (7, "out\n", "")


def test_the_signal_that_ended_the_command_passes_through(trial: Trial) -> None:
    ran = trial.run("import os, signal; os.kill(os.getpid(), signal.SIGUSR1)")
    assert ran.code == -signal.SIGUSR1


def test_a_command_that_is_not_there_is_named(trial: Trial) -> None:
    arguments = trial.sandboxes.arguments(trial.sandbox(), ["no-such-program"])
    ran = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert ran.returncode == 125
    assert "cannot start no-such-program" in ran.stderr


def test_it_writes_in_its_folders(trial: Trial) -> None:
    path = f"{trial.data}/made.txt"
    assert can(trial, f"pathlib.Path({path!r}).write_text('made')")
    assert (trial.folder / "data" / "made.txt").read_text() == "made"


def test_it_reads_nothing_of_the_user(trial: Trial) -> None:
    secret = trial.folder / "credentials"
    secret.write_text("secret")
    assert can(trial, f"pathlib.Path({str(secret)!r}).read_text()") is not trial.hides_files
    if trial.hides_files:
        assert not can(trial, "pathlib.Path('/etc/shadow').read_text()")
        shown = [Path(inside) for _, inside in system_places()]
        private = [
            entry
            for entry in Path.home().iterdir()
            if not any(place.is_relative_to(entry) for place in shown)
        ]
        for entry in private[:3]:
            look = f"os.listdir({str(entry)!r})" if entry.is_dir() else f"open({str(entry)!r})"
            assert not can(trial, look), entry


def test_no_place_of_the_system_holds_the_home_of_the_user() -> None:
    home = Path.home().resolve()
    holding = [real for real, _ in system_places() if home.is_relative_to(real)]
    assert holding == []


def test_a_second_command_finds_the_same_places(trial: Trial) -> None:
    assert trial.run("print(1)").output == trial.run("print(1)").output == "1\n"


def test_it_writes_nothing_outside(trial: Trial) -> None:
    outside = trial.folder / "outside.txt"
    can(trial, f"pathlib.Path({str(outside)!r}).write_text('x')")
    assert outside.exists() is not trial.hides_files
    if trial.hides_files:
        assert not can(trial, f"open({sys.executable!r}, 'ab')")


def test_it_sees_no_environment_of_others(trial: Trial) -> None:
    look = (
        "import pathlib\n"
        "for path in pathlib.Path('/proc').glob('[0-9]*/environ'):\n"
        "    try: print(path.read_text())\n"
        "    except OSError: pass\n"
        "print(pathlib.Path('/proc/self/environ').read_text())\n"
    )
    wait = [sys.executable, "-c", "import sys; print('started', flush=True); sys.stdin.read()"]
    with subprocess.Popen(
        wait, env={"OF_ANOTHER": "secret"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"started\n"
        environments = trial.run(look).output
        other.communicate()
    assert "UNDERSTUDY_SANDBOX" in environments
    assert ("OF_ANOTHER" in environments) is not trial.hides_files


def test_it_has_no_privileges(trial: Trial) -> None:
    status = trial.run("print(open('/proc/self/status').read())").output
    if trial.hides_files:
        assert "CapEff:\t0000000000000000" in status
        assert os.geteuid() != 0 or "CapBnd:\t0000000000000000" in status
        assert "NoNewPrivs:\t1" in status


def test_a_child_of_another_session_ends_with_the_command(trial: Trial, sleeper: Sleeper) -> None:
    ran = trial.run(f"{sleeper.detached}import os; print(os.path.exists('/proc'))")
    assert ran.output.startswith("started")
    assert not sleeper.lives()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_all_ends_with_the_launcher(trial: Trial, sleeper: Sleeper, number: signal.Signals) -> None:
    process = trial.start(f"{sleeper.detached}time.sleep(600)", grace_seconds=0.1)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    until(sleeper.lives, "the sleeper")
    process.send_signal(number)
    process.wait()
    until(lambda: not sleeper.lives(), "the sleeper's end")
    process.stdout.close()


def test_all_ends_with_the_process_that_asked(trial: Trial, sleeper: Sleeper) -> None:
    command = [sys.executable, "-c", f"{sleeper.detached}time.sleep(600)"]
    arguments = trial.sandboxes.arguments(trial.sandbox(), command)
    order = Path(arguments[-1])
    asking = (
        "import json, os, pathlib, subprocess, sys, threading\n"
        "order = pathlib.Path(sys.argv[-1])\n"
        "order.write_text(json.dumps({**json.loads(order.read_text()), 'parent': os.getpid()}))\n"
        # A thread that starts it and ends must not end it.
        "start = lambda: subprocess.Popen(sys.argv[1:])\n"
        "thread = threading.Thread(target=start); thread.start(); thread.join()\n"
        "print('asked', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", asking, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert order.is_file()
        until(sleeper.lives, "the sleeper")
        process.kill()
        until(lambda: not sleeper.lives(), "the sleeper's end")


def test_too_much_memory_ends_it(trial: Trial) -> None:
    script = "import time\nheld = bytearray(300 << 20)\nprint('held')\ntime.sleep(20)"
    ran = trial.run(script, memory_bytes=200 * MEBIBYTE)
    assert ran.ended.limit == "memory"
    assert ran.ended.amount > 200 * MEBIBYTE
    reason = ran.ended.reason(trial.sandbox(memory_bytes=200 * MEBIBYTE).limits, folder=Path("/"))
    assert reason.startswith("OutOfMemory: it used ")
    assert reason.endswith(" MiB of memory; the test has 200 MiB.")


def test_the_memory_of_several_processes_is_summed(trial: Trial) -> None:
    hold = "import time; held = bytearray(70 << 20); time.sleep(600)"
    script = (
        "import subprocess, sys\n"
        f"held = [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in range(3)]\n"
        "held[0].wait()"
    )
    assert trial.run(script, memory_bytes=200 * MEBIBYTE).ended.limit == "memory"


def test_too_many_processes_end_it(trial: Trial) -> None:
    script = (
        "import os, time\n"
        "for _ in range(60):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(600); os._exit(0)\n"
        "time.sleep(600)"
    )
    ran = trial.run(script, processes=40)
    assert ran.ended.limit == "processes" or "BlockingIOError" in ran.output


def test_the_kernel_itself_bounds_the_processes(trial: Trial) -> None:
    if trial.level is not Level.NAMESPACES or kernel.version() < (6, 14):
        pytest.skip("only namespaces of Linux 6.14 bound the processes of real root")
    script = (
        "import os, time\n"
        "refused = 0\n"
        "for _ in range(310):\n"
        "    try: child = os.fork()\n"
        "    except BlockingIOError: refused += 1\n"
        "    else:\n"
        "        if child == 0:\n"
        "            time.sleep(600); os._exit(0)\n"
        "print(refused > 0)"
    )
    assert trial.run(script, processes=301).output == "True\n"


def test_a_full_disk_ends_it(trial: Trial) -> None:
    script = (
        "import time\n"
        "for number in range(4):\n"
        "    open(f'part-{number}', 'wb').write(bytes(20 << 20))\n"
        "time.sleep(600)"
    )
    ran = trial.run(script, disk_bytes=50 * MEBIBYTE)
    assert ran.ended.limit == "disk"
    assert ran.ended.amount >= 80 * MEBIBYTE


def test_one_file_is_not_larger_than_the_disk(trial: Trial) -> None:
    script = "open('large', 'wb').write(bytes(60 << 20))"
    ran = trial.run(script, disk_bytes=50 * MEBIBYTE)
    assert ran.code != 0
    assert (trial.folder / "data" / "large").stat().st_size <= 50 * MEBIBYTE


@pytest.mark.parametrize("network", [True, False])
def test_an_isolated_command_reaches_no_port(trial: Trial, *, network: bool) -> None:
    if not trial.level.isolates_network:
        pytest.skip("only namespaces isolate the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = (
            "import socket\n"
            f"try: socket.create_connection(('127.0.0.1', {port}), 5)\n"
            "except OSError: print('no way')\n"
            "else: print('connected')"
        )
        ran = trial.run(script, network=network)
    assert ran.output == ("connected\n" if network else "no way\n")


def test_the_launcher_does_not_start_in_a_sandbox(trial: Trial) -> None:
    trial.variables["UNDERSTUDY_SANDBOX"] = trial.level.value
    ran = trial.run("print('ran')")
    assert ran.code == 125
    assert ran.output == "sandbox: a sandbox does not start in a sandbox\n"


def test_a_command_knows_itself_inside(trial: Trial) -> None:
    ran = trial.run("import os; print(os.environ['UNDERSTUDY_SANDBOX'])")
    assert ran.output == f"{trial.level.value}\n"


def test_a_launcher_of_another_parent_starts_nothing(trial: Trial) -> None:
    arguments = trial.sandboxes.arguments(trial.sandbox(), [sys.executable, "-c", "print('ran')"])
    order = arguments[len(LAUNCHER)]
    between = f"import subprocess; subprocess.run({[*LAUNCHER, order]!r})"
    ran = subprocess.run(
        [sys.executable, "-c", between], capture_output=True, text=True, check=False
    )
    assert ran.stdout == ""
