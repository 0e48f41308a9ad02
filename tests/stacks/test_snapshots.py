"""Whole stacks as snapshots: a failure says that something moved, ``make snapshots`` accepts it."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.conftest import ROOT, SHIPPED, assembly_of
from tests.stacks.normalized import normalized_templates

SNAPSHOTS = ROOT / "tests" / "snapshots"


@pytest.mark.parametrize("config", SHIPPED)
def test_the_templates_are_the_ones_in_the_snapshots(config: str) -> None:
    folder = SNAPSHOTS / config
    templates = normalized_templates(assembly_of(config))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, text in templates.items():
            (folder / name).write_text(text, encoding="utf-8")

    expected = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}

    assert templates.keys() == expected.keys()
    for name, text in templates.items():
        assert text == expected[name], f"{config}/{name} has moved; intended? make snapshots"
