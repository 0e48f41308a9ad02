"""Pack the training code as script mode wants it: a tar.gz with the same bytes every time."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path
from typing import Final

STEPS: Final = Path(__file__).parent / "catch_value" / "steps"
TRAINING_FILES: Final = ("inference.py", "train.py")
"""What the training job needs; train.py copies inference.py into the model."""


def training_archive() -> bytes:
    """Pack the training code; the bytes depend on the files' content alone."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(TRAINING_FILES):
            content = (STEPS / name).read_bytes()
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


def write_training_archive(folder: Path) -> Path:
    """Write ``sourcedir.tar.gz`` into a build folder, for an ``Asset(path=...)``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "sourcedir.tar.gz"
    path.write_bytes(training_archive())
    return path
