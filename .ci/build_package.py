"""Builds and tests the package whose version the variable TAG names: stackverdict-v0.1.0."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "package"


def main() -> int:
    """Write the wheel, the source archive and the release notes; 2 when the tag is refused."""
    try:
        folder, version = package_of(os.environ.get("TAG", ""))
        notes = notes_of(folder, version)
    except ValueError as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    shutil.rmtree(OUT, ignore_errors=True)
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(OUT)]
    subprocess.run(build, cwd=folder, check=True)
    tests = [sys.executable, "-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile"]
    subprocess.run([*tests, str(folder / "tests")], cwd=ROOT, check=True)
    (OUT / "notes.md").write_text(notes, encoding="utf-8")
    return 0


def package_of(tag: str) -> tuple[Path, str]:
    """The folder of the package that a tag names, and the version.

    Raises:
        ValueError: it names none, or another version than the package has.
    """
    known = sorted(path.parent.name for path in ROOT.glob("packages/*/pyproject.toml"))
    name, _, version = tag.rpartition("-v")
    if name not in known:
        allowed = ", ".join(f"{package}-vX.Y.Z" for package in known)
        raise ValueError(f"TAG={tag!r} names no package; allowed are {allowed}")
    folder = ROOT / "packages" / name
    stated = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["version"]
    if version != stated:
        raise ValueError(
            f"TAG={tag!r} is of version {version!r}, and packages/{name}/pyproject.toml says "
            f"{stated!r}; tag {name}-v{stated}, or change the file first"
        )
    return folder, version


def notes_of(folder: Path, version: str) -> str:
    """What the package's changelog says of a version.

    Raises:
        ValueError: it says nothing.
    """
    text = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = rf"^## \[?{re.escape(version)}\]?[^\n]*\n(.*?)(?=^## |\Z)"
    section = re.search(heading, text, re.MULTILINE | re.DOTALL)
    if section is None or not section[1].strip():
        raise ValueError(
            f"{folder.name}/CHANGELOG.md has no section {version}; say there what a user gets"
        )
    return section[1].strip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
