"""Every dependency has a licence that is allowed, and stands in the list."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

from tests.conftest import ROOT

PINS = Counter(
    re.findall(r"^([\w.-]+)==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)
)
"""How often each package is pinned: twice, if its newest release needs a newer Python."""


def test_every_licence_is_allowed_and_listed() -> None:
    done = subprocess.run(
        [sys.executable, ".ci/licences.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    listed = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    missing = by_package(done.stdout) - by_package(listed)
    assert not missing, "make licences"


def by_package(page: str) -> set[tuple[str, str]]:
    """Packages and how they name their licence, where that cannot differ between Pythons."""
    rows = re.findall(r"^\| (\S+) \| (.*) \|$", page, re.MULTILINE)
    return {(name, licence if PINS[name] <= 1 else "") for name, licence in rows}
