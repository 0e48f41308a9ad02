"""Render pipelines' definitions with the SageMaker SDK.

With ``--check`` nothing is written, and the exit code says whether what is committed is current.
Rendering takes about 20 seconds, nearly all of it the SDK's import; ``stale_sources`` says without
the SDK whether a source changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import logging
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline_defs.sdk.spec import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline_defs.sdk.spec import Image, PipelineSpec

SDK: Final = Path(__file__).parent
SHARED: Final = ("offline.py", "placeholders.py")
"""Files beside this one that decide what is rendered."""


def fingerprint(spec: PipelineSpec) -> dict[str, Any]:
    """What the rendered files were made from: hashes of the sources, version of SageMaker's SDK.

    The steps' scripts are no sources, for their code goes by URI.
    """
    sources = {f"sdk/{name}": SDK / name for name in SHARED}
    sources |= {f"{spec.name}/{path.name}": path for path in spec.folder.glob("*.py")}
    hashes = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(sources.items())
    }
    return {"sagemaker": version("sagemaker"), "sources": hashes}


def stale_sources(spec: PipelineSpec) -> list[str]:
    """Names of the sources that changed since the last rendering; empty when it is current."""
    manifest = spec.folder / "rendered" / "manifest.json"
    if not manifest.is_file():
        return [str(manifest)]
    recorded = json.loads(manifest.read_text(encoding="utf-8"))
    current = fingerprint(spec)
    names = sorted(recorded["sources"].keys() | current["sources"].keys())
    stale = [n for n in names if recorded["sources"].get(n) != current["sources"].get(n)]
    return stale + (["sagemaker"] if recorded["sagemaker"] != current["sagemaker"] else [])


def render(spec: PipelineSpec) -> dict[Path, str]:
    """Render a pipeline's definitions, its table of images and its manifest, by path.

    Raises:
        DefinitionError: the folder has no ``definition.py``.
    """
    logging.disable(logging.WARNING)  # the SDK logs what it drops from each request
    warnings.filterwarnings("ignore", module="sagemaker")
    if not (spec.folder / "definition.py").is_file():
        raise DefinitionError(f"{spec.folder} has no definition.py with a function build(mode).")
    # Imports SageMaker's SDK: 10 s.
    build = importlib.import_module(f"pipeline_defs.{spec.name}.definition").build
    files: dict[str, Any] = {"images": images(spec), "manifest": fingerprint(spec)}
    for mode in spec.modes:
        definition = json.loads(build(mode).definition())
        # Emitted as null when unset; no published schema has it.
        if definition.get("MlflowConfig") is None:
            definition.pop("MlflowConfig", None)
        files[mode] = definition
    return {
        spec.folder / "rendered" / f"{name}.json": json.dumps(content, indent=1) + "\n"
        for name, content in files.items()
    }


def images(spec: PipelineSpec) -> dict[str, dict[str, str]]:
    """By algorithm, the image's URI in every region where the SDK knows it."""
    return {algorithm: _regions(image) for algorithm, image in spec.images.items()}


def main(pipelines: Sequence[PipelineSpec], arguments: Sequence[str]) -> int:
    """Run the command line; 1 when --check finds something to render."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline_defs", description="Render the SageMaker pipelines' definitions."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    check = parser.parse_args(arguments).check
    stale: dict[Path, str] = {}
    for spec in pipelines:
        stale |= _changed(render(spec))
    for path, text in stale.items():
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        state = "is stale; run: make pipelines" if check else "rendered"
        print(f"{path.relative_to(SDK.parents[1])} {state}")
    return 1 if check and stale else 0


def _changed(files: Mapping[Path, str]) -> dict[Path, str]:
    return {
        path: text
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def _regions(image: Image) -> dict[str, str]:
    from sagemaker.core import image_uris  # noqa: PLC0415 - imports the SDK: 10 s

    known = image_uris.config_for_framework(image.framework)
    known = known[image.scope]["versions"][image.version]
    return {
        region: image_uris.retrieve(
            framework=image.framework,
            version=image.version,
            image_scope=image.scope,
            region=region,
            instance_type="ml.m5.large",
        )
        for region in sorted(known["registries"])
    }
