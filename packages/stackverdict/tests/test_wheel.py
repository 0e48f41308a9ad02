"""The wheel alone is enough: in an empty environment, in a folder without this repository.

Nothing is downloaded: what the wheel depends on is linked, package by package, from where the tests
run, and the package itself is not among it.
"""

from __future__ import annotations

import json
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

from stackverdict.node import find_node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackverdict.node import Node

HOME = Path(__file__).parents[1]
TEMPLATE = """\
Resources:
  Data:
    Type: AWS::S3::Bucket
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: s3:GetObject, Resource: !GetAtt Data.Arn}
"""
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
WHERE = "import stackverdict, sys; print(stackverdict.__file__); print(*sys.path, sep='\\n')"

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
            env={"PATH": "/nowhere", "HOME": str(self.root / "home")},
            capture_output=True,
            text=True,
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


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    root = tmp_path_factory.mktemp("elsewhere")
    for name in ("work", "home", "dist"):
        (root / name).mkdir()
    source = root / "source"
    shutil.copytree(HOME, source, ignore=shutil.ignore_patterns(".mypy_cache", "__pycache__"))
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(root / "dist")],
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
    )
    wheel = root / "dist" / built.stdout.strip().splitlines()[-1]
    shutil.rmtree(source)
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
    requirements = metadata.PathDistribution.discover(path=[str(packages)], name="stackverdict")
    link(needed(next(iter(requirements)).requires or ()).values(), packages)
    (root / "work" / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return Elsewhere(root, packages, wheel)


def test_the_package_comes_from_the_wheel_and_this_repository_is_on_no_path(
    elsewhere: Elsewhere,
) -> None:
    origin, *paths = elsewhere.run("python", "-c", WHERE).stdout.splitlines()

    assert Path(origin) == elsewhere.packages / "stackverdict" / "__init__.py"
    assert not (elsewhere.packages / "stackverdict").is_symlink()
    assert str(elsewhere.packages) in paths
    assert not [path for path in paths if path and HOME in (Path(path), *Path(path).parents)]
    path_files = [path.name for path in elsewhere.packages.glob("*.pth")]
    assert path_files == ["distutils-precedence.pth"]  # of setuptools
    assert not list(elsewhere.packages.glob("nodejs*"))
    above = (elsewhere.root / "work").parents
    assert not [folder for folder in above if (folder / "node_modules").exists()]


def test_a_template_is_judged_without_node_and_the_page_says_what_is_missing(
    elsewhere: Elsewhere,
) -> None:
    process = elsewhere.run("stackverdict", "template.yaml", "--out", "out")

    assert (process.returncode, process.stderr, process.stdout) == (0, "", "out/index.html\n")
    out = elsewhere.root / "work" / "out"
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "review.json", "review.md"]
    data = json.loads((out / "review.json").read_text(encoding="utf-8"))
    assert [(engine["engine"], engine["missing"]) for engine in data["engines"]] == [
        ("synthesis", ""),
        ("cfn-validate", ""),
        ("cfn-lint", ""),
        ("parliament", ""),
    ]
    assert data["verdict"]["state"] == "stop"
    assert "tls-only-bucket" in {finding["rule"] for finding in data["findings"]}
    assert [(flow["source"], flow["kind"]) for flow in data["flows"]] == [
        ("template/Data", "reads")
    ]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "There is no picture: Node.js is missing" in page
    assert "stackverdict setup" in page
    assert "Do not approve yet" in (out / "review.md").read_text(encoding="utf-8")


def test_with_node_and_its_packages_named_the_picture_is_drawn(
    elsewhere: Elsewhere, node: Node
) -> None:
    home = elsewhere.root / "with-node"
    shutil.copytree(elsewhere.root / "work", home)
    program = elsewhere.root / "venv" / "bin" / "stackverdict"
    process = subprocess.run(
        [str(program), "template.yaml", "--out", "out", "--node-modules", str(node.node_modules)],
        cwd=home,
        env={"PATH": str(Path(find_node()).parent), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    page = (home / "out" / "index.html").read_text(encoding="utf-8")
    assert '<svg class="graph"' in page
    assert "There is no picture" not in page


def test_the_gate_and_the_module_answer_as_the_command_does(elsewhere: Elsewhere) -> None:
    command = elsewhere.run("stackverdict", "gate", "template.yaml")
    module = elsewhere.run("python", "-m", "stackverdict", "gate", "template.yaml")

    assert command.returncode == module.returncode == 1
    assert command.stdout == module.stdout
    assert "the bucket answers requests without TLS [tls-only-bucket, review]" in command.stdout
    assert "open errors; 0 allowed" in command.stderr


def test_the_wheel_carries_what_is_not_python(elsewhere: Elsewhere) -> None:
    source = HOME / "src" / "stackverdict"
    with zipfile.ZipFile(elsewhere.wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("stackverdict/")}
        licences = [name for name in archive.namelist() if name.endswith("LICENSE")]
    expected = {
        f"stackverdict/{path.relative_to(source).as_posix()}"
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert packed == expected
    assert {Path(name).suffix for name in packed} >= {
        ".mjs",
        ".json",
        ".toml",
        ".j2",
        ".css",
        ".js",
    }
    assert "stackverdict/py.typed" in packed
    assert len(licences) == 1
