"""Templates as snapshots show them: without what changes when no resource has changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def normalized_templates(assembly: Path) -> dict[str, str]:
    """Each stack's template as pretty JSON, by file name."""
    return {
        path.name: _normalize(path, assembly / path.name.replace(".template.", ".assets."))
        for path in sorted(assembly.glob("*.template.json"))
    }


def _normalize(template_path: Path, assets_path: Path) -> str:
    template: dict[str, Any] = json.loads(template_path.read_text(encoding="utf-8"))
    template.pop("Rules", None)
    template.get("Parameters", {}).pop("BootstrapVersion", None)
    text = json.dumps(template, indent=2, sort_keys=True)
    assets = json.loads(assets_path.read_text(encoding="utf-8"))
    for hash_, file in assets["files"].items():
        text = text.replace(hash_, f"<asset: {file['displayName']}>")
    return text + "\n"
