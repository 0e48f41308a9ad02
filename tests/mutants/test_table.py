"""The tables of mutants fit the project: `make mutants` runs them, this only reads them."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.mutants.run import ROOT, TABLES, Mutant, TableError, chosen, read, variables

if TYPE_CHECKING:
    from pathlib import Path

MUTANTS = [mutant for table in TABLES for mutant in read(table)]
AT_LEAST = {"platform": 25, "understudy": 25, "verdict": 10}


def test_every_table_has_enough_mutants() -> None:
    counts = {table.stem: len(read(table)) for table in TABLES}
    assert counts.keys() == AT_LEAST.keys()
    assert {stem for stem, count in counts.items() if count < AT_LEAST[stem]} == set()


def test_every_mutant_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_edit_fits_its_file(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    mutated = mutant.of(text)
    assert mutated != text
    if mutant.file.endswith(".py"):
        assert ast.dump(ast.parse(mutated)) != ast.dump(ast.parse(text))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_promise_is_a_test_with_a_name_and_no_snapshot(mutant: Mutant) -> None:
    file, _, name = mutant.caught_by.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "snapshot" not in file


def a_mutant(*edits: tuple[str, str]) -> Mutant:
    return Mutant(name="m", file="f", edits=edits, caught_by="t")


@pytest.mark.parametrize("package", ["aws_understudy", "stackverdict"])
def test_a_copys_package_is_imported_and_not_the_installed_one(
    tmp_path: Path, package: str
) -> None:
    copied = tmp_path / "packages" / "any" / "src" / package
    copied.mkdir(parents=True)
    (copied / "__init__.py").touch()
    ran = subprocess.run(
        [sys.executable, "-c", f"import {package} as copied; print(copied.__path__[0])"],
        env=variables(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"{copied}\n"


def test_edits_are_made_at_once() -> None:
    assert a_mutant(("if", "else"), ("else", "if")).of("if 1 else 2") == "else 1 if 2"


@pytest.mark.parametrize("text", ["nothing of it", "old and old"])
def test_an_old_text_that_is_not_there_once_is_refused(text: str) -> None:
    with pytest.raises(TableError, match="times instead of once: 'old'"):
        a_mutant(("old", "new")).of(text)


def test_an_edit_that_changes_nothing_is_refused() -> None:
    with pytest.raises(TableError, match="change nothing"):
        a_mutant(("old", "old")).of("old")


def test_a_mutant_without_a_promise_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.toml"
    table.write_text('[[mutant]]\nname = "m"\nfile = "f"\nedits = []\n')
    with pytest.raises(TableError, match="m has the keys"):
        read(table)


def test_a_word_that_no_name_has_is_refused() -> None:
    with pytest.raises(TableError, match="no mutant has 'unheard-of' in its name"):
        chosen(TABLES, "unheard-of")
