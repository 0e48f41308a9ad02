from __future__ import annotations

import json

from aws_understudy.composition import SUPPORTED_TYPES
from tests.conftest import ROOT

SNAPSHOTS = ROOT / "tests" / "snapshots"


def test_every_type_of_the_shipped_stacks_is_carried() -> None:
    used = {
        resource["Type"]
        for path in SNAPSHOTS.rglob("*.template.json")
        for resource in json.loads(path.read_text())["Resources"].values()
        if not resource["Type"].startswith("Custom::")
    }
    assert used, f"no snapshot was found under {SNAPSHOTS}"
    assert used <= SUPPORTED_TYPES
