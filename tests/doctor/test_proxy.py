"""Behind a proxy that reads along, and with a mirror: pip, uv and Node really go through it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.doctor.index_server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.doctor.index_server import Index

pytestmark = pytest.mark.slow
PROGRAMS = Path(sys.executable).parent
UV = [str(PROGRAMS / "uv"), "pip", "install", "--no-cache", "--python", sys.executable]
PIP = [sys.executable, "-m", "pip", "install", "--no-cache-dir"]


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with serve(tmp_path_factory.mktemp("mirror"), tls=True) as index:
        yield index


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with serve(tmp_path_factory.mktemp("proxy"), tls=False) as index:
        yield index


def install(
    program: list[str], folder: Path, environ: dict[str, str], *, pip_conf: str = ""
) -> subprocess.CompletedProcess[str]:
    """Install the package ``tiny`` into a folder, as ``make setup`` would."""
    configuration = folder / "pip.conf"
    configuration.write_text(f"[global]\n{pip_conf}\n")
    base = {"PATH": os.defpath, "HOME": str(folder), "PIP_CONFIG_FILE": str(configuration)}
    arguments = [*program, "--quiet", "--target", str(folder / "installed"), "tiny"]
    return run(arguments, {**base, **environ})


def run(arguments: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "doctor", "install", *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("program", [UV, PIP], ids=["uv", "pip"])
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"])
def test_a_certificate_that_one_program_is_told_holds_for_all(
    mirror: Index, tmp_path: Path, program: list[str], variable: str
) -> None:
    environ = {"PIP_INDEX_URL": mirror.direct, variable: str(mirror.authority)}

    done = install(program, tmp_path, environ)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "tiny.py").exists()


@pytest.mark.parametrize("program", [UV, PIP], ids=["uv", "pip"])
def test_pips_file_alone_names_mirror_and_certificate(
    mirror: Index, tmp_path: Path, program: list[str]
) -> None:
    pip_conf = f"index-url = {mirror.direct}\ncert = {mirror.authority}"

    done = install(program, tmp_path, {}, pip_conf=pip_conf)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "tiny.py").exists()


@pytest.mark.parametrize("program", [UV, PIP], ids=["uv", "pip"])
def test_a_proxy_that_reads_along_is_passed(
    proxy: Index, tmp_path: Path, program: list[str]
) -> None:
    environ = {
        "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}",
        "PIP_INDEX_URL": proxy.proxied,
        "SSL_CERT_FILE": str(proxy.authority),
    }

    done = install(program, tmp_path, environ)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "tiny.py").exists()


def test_pips_own_proxy_holds_for_uv(proxy: Index, tmp_path: Path) -> None:
    pip_conf = (
        f"index-url = {proxy.proxied}\ncert = {proxy.authority}\n"
        f"proxy = http://127.0.0.1:{proxy.port}"
    )

    done = install(UV, tmp_path, {}, pip_conf=pip_conf)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "tiny.py").exists()


@pytest.mark.parametrize("program", [UV, PIP], ids=["uv", "pip"])
def test_a_certificate_that_nobody_trusts_is_one_line_with_the_remedy(
    mirror: Index, tmp_path: Path, program: list[str]
) -> None:
    done = install(program, tmp_path, {"PIP_INDEX_URL": mirror.direct, "PIP_RETRIES": "0"})

    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "shows a certificate that nobody here trusts" in line
    assert "SSL_CERT_FILE" in line


def test_an_index_that_is_not_there_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    environ = {"PIP_INDEX_URL": "https://127.0.0.1:1/simple", "PIP_RETRIES": "0"}

    done = install(PIP, tmp_path, environ)

    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("setup: package index: https://127.0.0.1:1/simple cannot be reached")


def test_node_trusts_what_the_others_trust(mirror: Index, tmp_path: Path) -> None:
    script = (
        "require('https').get(process.argv[1], answer => {"
        "console.log(answer.statusCode); process.exit() })"
    )
    environ = {"PATH": os.defpath, "HOME": str(tmp_path), "PIP_CERT": str(mirror.authority)}

    done = run([str(PROGRAMS / "node"), "-e", script, f"{mirror.direct}/tiny/"], environ)

    assert (done.returncode, done.stderr.strip()) == (0, "200")


def test_what_fails_for_another_reason_keeps_its_own_words(mirror: Index, tmp_path: Path) -> None:
    environ = {"PIP_INDEX_URL": mirror.direct, "SSL_CERT_FILE": str(mirror.authority)}

    done = install([*PIP, "absent-from-here"], tmp_path, environ)

    assert done.returncode != 0
    assert "No matching distribution found for absent-from-here" in done.stderr
