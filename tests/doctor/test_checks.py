"""The checks: each where nothing is lacking, and where something is."""

from __future__ import annotations

import fcntl
import http.server
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from doctor.checks import CHECKS, space
from doctor.checks.demo import other_demo, port
from doctor.checks.network import npm_registry, package_index
from doctor.checks.programs import git, node, python
from doctor.checks.space import disk, memory, writable
from tests.conftest import ROOT
from tests.doctor.index_server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from doctor.machine import Machine
    from tests.doctor.index_server import Index

    Make = Callable[..., Machine]

Usage = namedtuple("Usage", ["total", "used", "free"])  # noqa: PYI024 - as shutil's own


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with serve(tmp_path_factory.mktemp("index"), tls=True) as serving:
        yield serving


def test_a_python_with_its_standard_library_is_good(machine: Make) -> None:
    (finding,) = python(machine())

    assert (finding.level, sys.executable in finding.seen) == ("good", True)


def test_a_python_without_ensurepip_stops(machine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    (finding,) = python(machine())

    assert finding.level == "stop"
    assert "apt install python3-venv" in finding.remedy


def test_git_is_on_the_path_or_missed(machine: Make, tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.touch(mode=0o755)

    (there,) = git(machine({"PATH": str(tmp_path)}))
    (absent,) = git(machine({"PATH": "/nowhere"}))

    assert (there.level, absent.level) == ("good", "warning")


def test_no_node_is_needed_before_the_set_up(machine: Make) -> None:
    (finding,) = node(machine())

    assert (finding.level, finding.seen[:14]) == ("good", "none is needed")


@pytest.mark.parametrize(("text", "level"), [("echo v24", "good"), ("exit 1", "stop")])
def test_a_node_that_was_installed_runs_or_not(machine: Make, text: str, level: str) -> None:
    installed = machine()
    program = installed.root / ".venv" / "bin" / "node"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho broken >&2\n{text}\n")
    program.chmod(0o755)

    (finding,) = node(installed)

    assert finding.level == level


def test_a_clone_that_can_be_written_to_is_good(machine: Make) -> None:
    assert [finding.level for finding in writable(machine())] == ["good"]


def test_a_clone_that_cannot_be_written_to_stops(
    machine: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    (finding,) = writable(machine())

    assert finding.level == "stop"
    assert "cannot be written to (Read-only file system)" in finding.seen


@pytest.mark.parametrize(
    ("free", "marks", "level"),
    [(3 * 10**9, [], "good"), (10**9, [], "stop"), (10**9, [".packages"], "good")],
)
def test_there_is_room_or_not(
    machine: Make, monkeypatch: pytest.MonkeyPatch, free: int, marks: list[str], level: str
) -> None:
    looked_at = machine()
    (looked_at.root / ".venv").mkdir()
    for mark in marks:
        (looked_at.root / ".venv" / mark).touch()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(free, 0, free))

    (finding,) = disk(looked_at)

    assert finding.level == level


@pytest.mark.parametrize(("pages", "level"), [(10**6, "good"), (10**3, "warning")])
def test_there_is_memory_or_not(
    machine: Make, monkeypatch: pytest.MonkeyPatch, pages: int, level: str
) -> None:
    values = {"SC_AVPHYS_PAGES": pages, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", values.__getitem__)
    monkeypatch.setattr(space, "_available_by_linux", lambda: 0)

    (finding,) = memory(machine())

    assert finding.level == level


def test_an_index_that_answers_is_good(machine: Make, index: Index) -> None:
    environ = {"PIP_CERT": str(index.authority)}

    (finding,) = package_index(machine(environ, index_url=index.direct))

    assert (finding.level, finding.seen) == ("good", f"{index.direct} answers")


def test_an_index_with_a_strange_certificate_stops(machine: Make, index: Index) -> None:
    (finding,) = package_index(machine(index_url=index.direct))

    assert finding.level == "stop"
    assert "shows a certificate that nobody here trusts" in finding.seen


def test_a_registry_that_nobody_serves_stops(machine: Make) -> None:
    environ = {"npm_config_registry": "http://127.0.0.1:1"}

    (finding,) = npm_registry(machine(environ))

    assert finding.level == "stop"
    assert "http://127.0.0.1:1 cannot be reached (" in finding.seen


def test_a_host_without_an_address_is_no_network(machine: Make) -> None:
    (finding,) = package_index(machine(index_url="https://absent.invalid/simple"))

    assert finding.level == "stop"
    assert "absent.invalid has no address here: no network?" in finding.seen


def test_an_index_that_wants_a_name_is_warned_of_without_the_password(
    machine: Make, answering: Callable[[int], str]
) -> None:
    address = answering(401).replace("http://", "http://ada:secret@")

    (finding,) = package_index(machine(index_url=address))

    assert finding.level == "warning"
    assert "http://***@127.0.0.1" in finding.seen
    assert "secret" not in f"{finding}"


def test_an_index_that_is_broken_stops(machine: Make, answering: Callable[[int], str]) -> None:
    (finding,) = package_index(machine(index_url=answering(502)))

    assert finding.level == "stop"
    assert finding.seen.endswith("answers 502")


@pytest.mark.parametrize("spared", ["127.0.0.1", "other.example, 127.0.0.1", "*"])
def test_a_host_that_needs_no_proxy_is_asked_directly(
    machine: Make, answering: Callable[[int], str], spared: str
) -> None:
    environ = {"http_proxy": "http://127.0.0.1:1", "no_proxy": spared}

    (finding,) = package_index(machine(environ, index_url=answering(200)))

    assert finding.level == "good"


def test_a_proxy_that_is_not_there_stops(machine: Make, answering: Callable[[int], str]) -> None:
    environ = {"http_proxy": "http://127.0.0.1:1"}

    (finding,) = package_index(machine(environ, index_url=answering(200)))

    assert finding.level == "stop"


def test_an_index_that_is_a_folder_is_there_or_not(machine: Make, tmp_path: Path) -> None:
    (there,) = package_index(machine(index_url=tmp_path.as_uri()))
    (absent,) = package_index(machine(index_url=f"{tmp_path.as_uri()}/absent"))

    assert (there.level, absent.level) == ("good", "stop")


@pytest.fixture
def answering() -> Iterator[Callable[[int], str]]:
    """Serves one status on every page."""
    servers: list[http.server.HTTPServer] = []

    def start(status: int) -> str:
        class Pages(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_loopback_can_be_listened_on(machine: Make) -> None:
    assert [finding.level for finding in port(machine())] == ["good"]


def test_nobody_demonstrates_in_an_empty_clone(machine: Make) -> None:
    assert [finding.level for finding in other_demo(machine())] == ["good"]


def test_a_demo_that_is_running_stops(machine: Make) -> None:
    looked_at = machine()
    folder = looked_at.root / "build" / "rehearsal"
    folder.mkdir(parents=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (finding,) = other_demo(looked_at)

    assert finding.level == "stop"
    assert finding.seen == f"one is running in {folder}"


def test_an_emulator_that_was_kept_stops(machine: Make) -> None:
    looked_at = machine()
    folder = looked_at.root / "build" / "rehearsal" / "emulator"
    folder.mkdir(parents=True)
    health = folder / "_understudy"
    health.mkdir()
    (health / "health").write_text("{}")
    ready = {"endpoint_url": folder.as_uri(), "pid": 17}
    (folder / "ready.json").write_text(json.dumps(ready))

    (finding,) = other_demo(looked_at)

    assert (finding.level, finding.remedy) == ("stop", "end it: kill 17")


def test_what_an_emulator_has_left_behind_is_in_nobodys_way(machine: Make) -> None:
    looked_at = machine()
    folder = looked_at.root / "build" / "rehearsal" / "emulator"
    folder.mkdir(parents=True)
    (folder / "ready.json").write_text('{"endpoint_url": "http://127.0.0.1:1", "pid": 1}')

    assert [finding.level for finding in other_demo(looked_at)] == ["good"]


def test_it_needs_nothing_but_the_standard_library() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import doctor.command"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_every_check_is_listed_once() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
