"""Put each known defect into a copy of the project, and see its promise fail: ``make mutants``.

``python tests/mutants/run.py [TABLE.toml ...] [--only WORD]``. A table is a TOML file: the defects,
and for each the test that must notice it. Without one, those beside this file are run: one of the
platform, one of each package. One test runs at a time. The exit code is 0 if every defect was
caught, 1 if one was missed, and 2 if a table cannot be used.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
TABLES = tuple(sorted(Path(__file__).parent.glob("*.toml")))
KEYS = {"name", "file", "edits", "caught_by"}
NODE_MODULES = "node_modules"
LEFT_OUT = (
    ".git", ".venv", ".npm", ".home", NODE_MODULES, "build", "cdk.out", "__pycache__", ".*_cache",
)  # fmt: skip
SECONDS = 300
"""A test that takes longer has not caught its mutant."""
FAILED = 1
"""pytest's exit code when a test ran and failed."""


class TableError(Exception):
    """A table that cannot be used; the message names it, the mutant and what to correct."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A defect: what a file would say, and the test that must fail then."""

    name: str
    file: str
    """The path of the file, from the root of the project."""
    edits: tuple[tuple[str, str], ...]
    """Old text, which stands exactly once in the file, to new text."""
    caught_by: str
    """The test, as pytest names it."""

    def of(self, text: str) -> str:
        """The file's text with the defect in it.

        Raises:
            TableError: an old text is not there exactly once, or nothing would change.
        """
        spans = sorted((self._place(text, old), old, new) for old, new in self.edits)
        parts, end = [], 0
        for start, old, new in spans:
            parts += [text[end:start], new]
            end = start + len(old)
        mutated = "".join([*parts, text[end:]])
        if mutated == text:
            raise TableError(f"{self.name}: the edits change nothing in {self.file}")
        return mutated

    def _place(self, text: str, old: str) -> int:
        if text.count(old) != 1:
            raise TableError(
                f"{self.name}: {self.file} has {text.count(old)} times instead of once: {old!r}; "
                "correct the old text of the mutant"
            )
        return text.index(old)


def read(table: Path) -> list[Mutant]:
    """Read a table.

    Raises:
        TableError: it cannot be read, or a mutant in it lacks a key or has one too many.
    """
    try:
        entries = tomllib.loads(table.read_text(encoding="utf-8")).get("mutant", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{table}: cannot be read: {error}") from None
    return [_mutant(table, entry) for entry in entries]


def _mutant(table: Path, entry: dict[str, Any]) -> Mutant:
    if entry.keys() != KEYS:
        raise TableError(
            f"{table}: {entry.get('name', entry)} has the keys {sorted(entry)}; it needs "
            f"{sorted(KEYS)}"
        )
    edits = tuple((old, new) for old, new in entry["edits"])
    return Mutant(name=entry["name"], file=entry["file"], edits=edits, caught_by=entry["caught_by"])


def main(arguments: Sequence[str]) -> int:
    """Run the command line; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="tests/mutants/run.py", description=__doc__)
    parser.add_argument(
        "tables", nargs="*", type=Path, help="TOML files; else those of this folder"
    )
    parser.add_argument("--only", default="", metavar="WORD", help="mutants with it in their name")
    options = parser.parse_args(arguments)
    try:
        mutants = chosen(options.tables or TABLES, options.only)
        with TemporaryDirectory(prefix="mutants-") as folder:
            project = Path(folder) / "project"
            copy_to(project)
            _prove_clean(project, mutants)
            missed = [mutant for mutant in mutants if not _is_caught(project, mutant)]
    except TableError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    print(f"{len(mutants) - len(missed)} of {len(mutants)} mutants are caught by their promise")
    return 1 if missed else 0


def copy_to(project: Path) -> None:
    """Copy what is tested; what is installed beside it is only linked."""
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    (project / NODE_MODULES).symlink_to(ROOT / NODE_MODULES)


def variables(project: Path) -> dict[str, str]:
    """The environment in which the packages of a copy are imported, not those installed."""
    sources = map(str, sorted(project.glob("packages/*/src")))
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sources),
        # A file that changes twice within a second would be read from its bytecode.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def chosen(tables: Sequence[Path], word: str) -> list[Mutant]:
    """The mutants of the tables that have the word in their name.

    Raises:
        TableError: there is none.
    """
    mutants = [mutant for table in tables for mutant in read(table) if word in mutant.name]
    if not mutants:
        names = ", ".join(map(str, tables))
        raise TableError(f"{names}: no mutant has {word!r} in its name; give another word")
    return mutants


def _prove_clean(project: Path, mutants: Sequence[Mutant]) -> None:
    """A test that fails anyway would catch everything."""
    promises = sorted({mutant.caught_by for mutant in mutants})
    done = _pytest(project, *promises, seconds=SECONDS * 4)
    if done is None or done.returncode:
        output = done.stdout if done else "it took too long"
        raise TableError(f"the promises do not hold without a mutant:\n{output}")


def _is_caught(project: Path, mutant: Mutant) -> bool:
    file = project / mutant.file
    text = file.read_text(encoding="utf-8")
    file.write_text(mutant.of(text), encoding="utf-8")
    started = time.monotonic()
    try:
        done = _pytest(project, mutant.caught_by, seconds=SECONDS)
    finally:
        file.write_text(text, encoding="utf-8")
    if done is not None and done.returncode not in {0, FAILED}:
        raise TableError(f"{mutant.name}: {mutant.caught_by} did not run:\n{done.stdout}")
    caught = done is not None and done.returncode == FAILED
    seconds = time.monotonic() - started
    print(f"{'caught' if caught else 'MISSED'}  {mutant.name} ({seconds:.0f} s)", flush=True)
    lines = done.stdout.splitlines() if done else []
    reasons = [line for line in lines if line.startswith(("E ", "SKIPPED "))]
    print(f"        {mutant.caught_by}", *reasons[:1], sep="\n        ", flush=True)
    return caught


def _pytest(project: Path, *tests: str, seconds: float) -> subprocess.CompletedProcess[str] | None:
    """Run tests in the copy; None when they took too long."""
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=project,
            env=variables(project),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
