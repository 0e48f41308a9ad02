"""Pack the training code as script mode wants it: a tar.gz with the same bytes every time."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline_defs.sdk.spec import PipelineSpec


def training_archive(spec: PipelineSpec) -> bytes:
    """Pack the training code; the bytes depend on the files' content alone.

    Raises:
        DefinitionError: a file is missing.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(spec.training_files):
            content = spec.step_file(name).read_bytes()
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


def write_training_archive(spec: PipelineSpec, folder: Path) -> Path:
    """Write ``sourcedir.tar.gz`` into a build folder, for an ``Asset(path=...)``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "sourcedir.tar.gz"
    path.write_bytes(training_archive(spec))
    return path
