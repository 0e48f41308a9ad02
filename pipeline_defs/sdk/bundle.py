"""Pack the training code as script mode wants it: a tar.gz with the same bytes every time."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline_defs.sdk.spec import PipelineSpec


def schema_bytes(schema: Mapping[str, Any]) -> bytes:
    """The content of ``schema.json``."""
    return (json.dumps(schema, indent=1, ensure_ascii=False) + "\n").encode()


def training_archive(spec: PipelineSpec, extra: Mapping[str, bytes] | None = None) -> bytes:
    """Pack the training code; the bytes depend on the files' content alone.

    Args:
        spec: the kind of pipeline, whose ``training_files`` are packed.
        extra: further files beside them, by name, such as ``schema.json``.

    Raises:
        DefinitionError: a file is missing.
    """
    files = {name: spec.step_file(name).read_bytes() for name in spec.training_files}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted({**files, **(extra or {})}.items()):
            member = tarfile.TarInfo(name)  # owner 0, time 0
            member.size = len(content)
            member.mode = 0o644
            archive.addfile(member, io.BytesIO(content))
    zipped = io.BytesIO()
    # No file name and no time in the header. Stored rather than compressed: another zlib packs
    # the same content into other bytes, and the asset's hash would follow.
    with gzip.GzipFile(fileobj=zipped, mode="wb", filename="", mtime=0, compresslevel=0) as stream:
        stream.write(packed.getvalue())
    return zipped.getvalue()


def write_training_archive(
    spec: PipelineSpec, folder: Path, *, extra: Mapping[str, bytes] | None = None
) -> Path:
    """Write ``sourcedir.tar.gz`` into a build folder, for an ``Asset(path=...)``.

    Raises:
        DefinitionError: a file is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "sourcedir.tar.gz"
    path.write_bytes(training_archive(spec, extra))
    return path
