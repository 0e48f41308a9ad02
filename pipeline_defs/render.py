"""Render the pipelines' definitions with the SageMaker SDK: ``python -m pipeline_defs.render``.

With ``--check`` nothing is written, and the exit code says whether what is committed is current.
Rendering takes about 20 seconds, nearly all of it the SDK's import; ``stale_sources`` says without
the SDK whether a source changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pipeline_defs.load import MODES, RENDERED

HERE: Final = Path(__file__).parent
SOURCES: Final = (
    "catch_value/definition.py",
    "catch_value/jobs.py",
    "catch_value/placeholders.py",
    "offline.py",
)
"""Files that decide what is rendered; the steps' scripts do not, as code goes by URI."""
IMAGE: Final = {"framework": "sklearn", "version": "1.9-0", "image_scope": "training"}


def fingerprint() -> dict[str, Any]:
    """What the rendered files were made from: hashes of the sources, version of the SDK."""
    hashes = {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in SOURCES}
    return {"sagemaker": version("sagemaker"), "sources": hashes}


def stale_sources() -> list[str]:
    """Names of the sources that changed since the last rendering; empty when it is current."""
    recorded = json.loads((RENDERED / "manifest.json").read_text(encoding="utf-8"))
    now = fingerprint()
    stale = [name for name in SOURCES if recorded["sources"].get(name) != now["sources"][name]]
    return stale + (["sagemaker"] if recorded["sagemaker"] != now["sagemaker"] else [])


def render() -> dict[str, str]:
    """Render every definition, the table of images and the manifest, by file name."""
    logging.disable(logging.WARNING)  # the SDK tells what it drops from each request
    warnings.filterwarnings("ignore", module="sagemaker")
    from pipeline_defs.catch_value.definition import (  # noqa: PLC0415 - imports the SDK: 10 s
        PipelineInputs,
        build,
    )

    files: dict[str, Any] = {"images.json": images(), "manifest.json": fingerprint()}
    for mode in MODES:
        definition = json.loads(build(PipelineInputs(mode=mode)).definition())
        # Emitted as null when unset; no published schema has it.
        if definition.get("MlflowConfig") is None:
            definition.pop("MlflowConfig", None)
        files[f"catch_value.{mode}.json"] = definition
    return {name: json.dumps(content, indent=1) + "\n" for name, content in files.items()}


def images() -> dict[str, str]:
    """The image's URI in every region where the SDK knows it."""
    from sagemaker.core import image_uris  # noqa: PLC0415 - imports the SDK: 10 s

    known = image_uris.config_for_framework(IMAGE["framework"])
    known = known[IMAGE["image_scope"]]["versions"][IMAGE["version"]]
    return {
        region: image_uris.retrieve(region=region, instance_type="ml.m5.large", **IMAGE)
        for region in sorted(known["registries"])
    }


def main() -> int:
    """Run the command line; 1 when --check finds something to render."""
    parser = argparse.ArgumentParser(description="Render the SageMaker pipelines' definitions.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    check = parser.parse_args().check
    stale = []
    for name, text in render().items():
        path = RENDERED / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    said = "is stale; run: python -m pipeline_defs.render" if check else "rendered"
    for name in stale:
        print(f"pipeline_defs/rendered/{name} {said}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
