"""Every dependency has a licence that is allowed, and stands in the list."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT


def test_every_licence_is_allowed_and_listed() -> None:
    done = subprocess.run(
        [sys.executable, ".ci/licences.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    listed = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    missing = set(done.stdout.splitlines()) - set(listed.splitlines())
    assert not missing, "make licences"
