"""The page of all settings is what the models are."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT


def test_the_page_of_settings_is_current() -> None:
    run = subprocess.run(
        [sys.executable, ".ci/settings_page.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert "| `region` |" in page
    assert run.stdout == page, "a setting has changed; run: make settings"
