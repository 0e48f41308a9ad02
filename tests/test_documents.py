"""What the documents name is there: a file that moves takes its mention with it."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOLDERS = (
    ".github",
    ".ci",
    "components",
    "config",
    "dashboards",
    "datasets",
    "delivery",
    "docs",
    "doctor",
    "lambdas",
    "packages",
    "pipeline_defs",
    "preflight",
    "queries",
    "rehearsal",
    "scaffold",
    "stacks",
    "tests",
)
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "packages/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md" and "node_modules" not in path.parts
)
ELSEWHERE = re.compile(
    r"^(build|cdk\.out|raw|review)/|^(ready|report|schema|validation-report)\.json$|NAME"
)
"""What only a run writes, keys in a bucket, and names that stand for others."""
PATH = re.compile(r"`((?:[\w.*-]+/)*[\w.*-]+\.(?:py|toml|sql|md|yml|json|svg)|(?:[\w.-]+/)+)`")
LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")


@cache
def project_files() -> tuple[str, ...]:
    """Every file and folder of the project, a folder with a slash at its end."""
    paths = [
        path
        for folder in FOLDERS
        for path in [ROOT / folder, *(ROOT / folder).rglob("*")]
        if not {"node_modules", "__pycache__", ".mypy_cache"} & set(path.parts)
    ]
    names = [f"{path.relative_to(ROOT)}{'/' if path.is_dir() else ''}" for path in paths]
    return (*names, *(path.name for path in ROOT.iterdir() if path.is_file()))


def named(document: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [name for name in PATH.findall(text) if not ELSEWHERE.search(name)]


def is_there(name: str) -> bool:
    """Whether a name is that of a file of the project, or the end of one."""
    return any(fnmatch(f"/{file}", f"*/{name}") for file in project_files())


def test_what_is_not_there_is_found() -> None:
    assert is_there("stacks/query.py")
    assert is_there("gateway/stages.py")
    assert not is_there("emulator/gateway.py")
    assert PATH.findall("`a/b.py`, `c/`, `d.py` and `e`") == ["a/b.py", "c/", "d.py"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    assert [name for name in named(document) if not is_there(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_of_a_document_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    folder = Path(ROOT / document).parent
    assert [target for target in LINK.findall(text) if not (folder / target).exists()] == []


def test_the_documents_name_files() -> None:
    assert len(DOCUMENTS) > 15
    assert len(named("CONTRIBUTING.md")) > 60
    assert len(named("README.md")) > 15
