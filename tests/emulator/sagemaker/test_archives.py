from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from emulator.sagemaker.archives import unpack
from emulator.sagemaker.failures import JobFailedError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["with filters", "without filters"])
def any_python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11.0 to 3.11.3, which a Debian 12 has, know no filters."""
    if request.param == "without filters" and hasattr(tarfile, "data_filter"):
        monkeypatch.setattr(tarfile.TarFile, "extraction_filter", staticmethod(_as_before))
        monkeypatch.delattr(tarfile, "data_filter")


def _as_before(member: tarfile.TarInfo, _path: str) -> tarfile.TarInfo:
    return member


def tar_gz(*, name: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type = kind
        member.linkname = "/etc/passwd"
        member.size = 4 if kind == tarfile.REGTYPE else 0
        archive.addfile(member, io.BytesIO(b"text"))
    return packed.getvalue()


@pytest.mark.usefixtures("any_python")
def test_members_are_unpacked_with_their_folders(tmp_path: Path) -> None:
    unpack(tar_gz(name="code/a.py"), tmp_path, uri="s3://b/k", of="code")
    assert (tmp_path / "code" / "a.py").read_text() == "text"


@pytest.mark.usefixtures("any_python")
@pytest.mark.parametrize(("name", "kind"), [("../a", tarfile.REGTYPE), ("a", tarfile.SYMTYPE)])
def test_what_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    with pytest.raises(JobFailedError, match="s3://b/k is no gzipped tar archive of code"):
        unpack(tar_gz(name=name, kind=kind), tmp_path / "in", uri="s3://b/k", of="code")
    assert not (tmp_path / "a").exists()


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobFailedError, match="no gzipped tar archive of a model"):
        unpack(tar_gz(name="a")[:40], tmp_path, uri="s3://b/k", of="a model")
