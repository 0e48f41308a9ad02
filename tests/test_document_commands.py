"""The commands of the documents: each verb, option and configuration is there, and make takes it.

What a command does is not tried here, it would cost minutes or an account: make goes through its
recipes without running them.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from functools import cache

import pytest

from config.loader import shipped
from tests.conftest import ROOT
from tests.test_documents import DOCUMENTS
from tests.test_makefile import ARRIVING, SETTINGS

CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
MADE = ("houses",)
"""What `make new` has made in an example."""
ANYTHING = re.compile(r"…|\.toml$|^(name|folder|NAME)$")
"""Values that stand for one of the reader's own."""
OTHER_VERBS = ("setup", "lint")
"""Verbs that the help does not list."""


def commands(program: str) -> dict[str, list[str]]:
    """Every command that a document of the project shows, with those that show it."""
    shown: dict[str, list[str]] = {}
    for document in DOCUMENTS:
        if document.startswith("packages/"):
            continue
        text = (ROOT / document).read_text(encoding="utf-8")
        lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
        for code in (*CODE.findall(BLOCK.sub("", text)), *lines):
            for part in code.split("&&"):
                command = part.partition("  #")[0].strip()
                if command.startswith(f"{program} "):
                    shown.setdefault(command, []).append(document)
    return shown


MAKE, MODULES = commands("make"), commands("python -m")


def test_the_documents_show_commands() -> None:
    assert "make deploy CONFIG=mine.toml" in MAKE
    assert "docs/deploy.md" in MAKE["make preflight CONFIG=mine.toml"]
    assert len(MAKE) > 25
    assert MODULES


@pytest.mark.parametrize("command", MAKE)
def test_a_verb_and_its_settings_are_the_makefiles(command: str) -> None:
    verb, *given = shlex.split(command)[1:]
    settings = dict(word.split("=", 1) for word in given if "=" in word)

    assert verb in {*ARRIVING, *OTHER_VERBS}
    assert {word.partition("=")[0] for word in given} <= set(SETTINGS)
    named = settings.get("CONFIG", "dev")
    assert named in {*shipped(), *MADE} or ANYTHING.search(named)


@pytest.mark.parametrize("command", MAKE)
def test_make_takes_a_command_as_it_is_written(command: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", *shlex.split(command)[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@cache
def help_of(module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("command", MODULES)
def test_a_modules_options_are_in_its_help(command: str) -> None:
    module, *arguments = shlex.split(command)[2:]
    options = {word.partition("=")[0] for word in arguments if word.startswith("--")}

    assert {option for option in options if option not in help_of(module)} == set()


def test_the_steps_of_a_deployment_come_in_their_order() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    steps = re.findall(r"^(\d)\. \*\*(\w+)\*\*", text, re.MULTILINE)

    assert steps == [
        ("1", "Credentials"),
        ("2", "Settings"),
        ("3", "Bootstrap"),
        ("4", "Preflight"),
        ("5", "Deploy"),
        ("6", "Rehearse"),
    ]
