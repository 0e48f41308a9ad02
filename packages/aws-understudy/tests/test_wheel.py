"""The wheel alone is enough: in an empty environment, in a folder without this repository.

Nothing is downloaded: what the wheel depends on is linked, package by package, from where the tests
run, and the package itself is not among it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = Path(__file__).parents[1]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
WHERE = "import aws_understudy, sys; print(aws_understudy.__file__); print(*sys.path, sep='\\n')"
STORES = """\
from pathlib import Path

from aws_understudy import Understudy

with Understudy() as aws:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="a.txt", Body=b"kept")
    print(s3.get_object(Bucket="data", Key="a.txt")["Body"].read().decode())
    command = Path(f"/proc/{aws.pid}/cmdline")
    print(Path(f"/proc/{aws.pid}/cwd").readlink() if command.exists() else Path.cwd())
"""
TESTS = """\
import aws_understudy


def test_the_package_lies_outside_of_any_tree():
    assert "site-packages" in aws_understudy.__file__


def test_a_query_is_answered(understudy):
    understudy.client("s3").create_bucket(Bucket="answers")
    athena = understudy.client("athena")
    query = athena.start_query_execution(
        QueryString="SELECT date_diff('day', DATE '2026-01-01', DATE '2026-02-01')",
        ResultConfiguration={"OutputLocation": "s3://answers/"},
    )["QueryExecutionId"]
    state = "QUEUED"
    while state in {"QUEUED", "RUNNING"}:
        execution = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        state = execution["Status"]["State"]
    assert state == "SUCCEEDED", execution["Status"]
    rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    assert rows[1]["Data"][0]["VarCharValue"] == "31"


def test_it_is_the_same_one_for_the_whole_session(understudy):
    buckets = understudy.client("s3").list_buckets()["Buckets"]
    assert [bucket["Name"] for bucket in buckets] == ["answers"]
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Elsewhere:
    """An environment that holds the wheel, and an empty folder to work in."""

    root: Path
    packages: Path
    wheel: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the folder; it knows nothing of this process."""
        return subprocess.run(
            [str(self.root / "venv" / "bin" / command[0]), *command[1:]],
            cwd=self.root / "work",
            env={"PATH": os.defpath, "HOME": str(self.root / "home")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def needed(requirements: Iterable[str]) -> dict[str, metadata.Distribution]:
    """The distributions that requirements lead to, by their names in lower case."""
    waiting, distributions = [Requirement(text) for text in requirements], {}
    while waiting:
        requirement = waiting.pop()
        extras = requirement.extras or {""}
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in extras):
            continue
        distribution = metadata.distribution(requirement.name)
        name = re.sub(r"[-_.]+", "-", distribution.name).lower()
        assert requirement.specifier.contains(distribution.version, prereleases=True), requirement
        if name not in distributions:
            distributions[name] = distribution
            waiting += [Requirement(text) for text in distribution.requires or ()]
    return distributions


def link(distributions: Iterable[metadata.Distribution], packages: Path) -> None:
    """Link the top-level files and folders of distributions into another environment's folder."""
    for distribution in distributions:
        tops = {file.parts[0] for file in distribution.files or () if file.parts[0] != ".."}
        for top in sorted(tops - {"__pycache__"}):
            target = packages / top
            if not target.exists():
                target.symlink_to(Path(str(distribution.locate_file(top))))


def build(root: Path) -> Path:
    """Build the wheel from a copy of the sources."""
    source, target = root / "source", root / "dist"
    target.mkdir()
    shutil.copytree(HOME, source, ignore=shutil.ignore_patterns(".mypy_cache", "__pycache__"))
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(target)],
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.rmtree(source)
    return target / built.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    root = tmp_path_factory.mktemp("elsewhere")
    for name in ("work", "home"):
        (root / name).mkdir()
    wheel = build(root)
    venv.create(root / "venv")
    python = root / "venv" / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = root / "venv" / "lib" / version / "site-packages"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(python)),
            *("install", "--quiet", "--no-deps", "--no-index", str(wheel)),
        ],
        env={"PATH": os.defpath, "PIP_CONFIG_FILE": os.devnull},
        check=True,
    )
    installed = metadata.PathDistribution.discover(path=[str(packages)], name="aws-understudy")
    requirements = [*(next(iter(installed)).requires or ()), "pytest"]
    link(needed(requirements).values(), packages)
    return Elsewhere(root, packages, wheel)


def test_the_package_comes_from_the_wheel_and_this_repository_is_on_no_path(
    elsewhere: Elsewhere,
) -> None:
    origin, *paths = elsewhere.run("python", "-c", WHERE).stdout.splitlines()

    assert Path(origin) == elsewhere.packages / "aws_understudy" / "__init__.py"
    assert not (elsewhere.packages / "aws_understudy").is_symlink()
    assert not [path for path in paths if Path(path).is_relative_to(HOME.parents[1])]


def test_a_program_stores_and_reads_an_object(elsewhere: Elsewhere) -> None:
    process = elsewhere.run("python", "-c", STORES)

    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.splitlines() == ["kept", str(elsewhere.root / "work")]
    assert list((elsewhere.root / "work").iterdir()) == []


def test_the_command_and_the_module_say_how_they_are_used(elsewhere: Elsewhere) -> None:
    command = elsewhere.run("aws-understudy", "--help")
    module = elsewhere.run("python", "-m", "aws_understudy", "--help")

    assert (command.returncode, command.stderr) == (0, "")
    assert command.stdout == module.stdout
    assert command.stdout.startswith("usage: aws-understudy")
    assert "--ready-file" in command.stdout


def test_the_fixture_is_there_for_the_tests_of_a_stranger(elsewhere: Elsewhere) -> None:
    (elsewhere.root / "tests").mkdir()
    (elsewhere.root / "tests" / "test_stranger.py").write_text(TESTS, encoding="utf-8")

    process = elsewhere.run(
        *("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(elsewhere.root / "tests"))
    )

    assert process.returncode == 0, process.stdout + process.stderr
    assert "3 passed" in process.stdout


def test_the_wheel_carries_what_is_not_python_and_what_runs_elsewhere(
    elsewhere: Elsewhere,
) -> None:
    source = HOME / "src" / "aws_understudy"
    with zipfile.ZipFile(elsewhere.wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("aws_understudy/")}
        licences = [name for name in archive.namelist() if name.endswith("LICENSE")]
    expected = {
        f"aws_understudy/{path.relative_to(source).as_posix()}"
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert packed == expected
    assert packed >= {
        "aws_understudy/py.typed",
        "aws_understudy/sandbox/launcher/__main__.py",
        "aws_understudy/services/sagemaker/serving/server.py",
    }
    assert len(licences) == 1
