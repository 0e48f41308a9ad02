from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from aws_understudy.services.sagemaker.containers import archives
from aws_understudy.services.sagemaker.containers.archives import unpack
from aws_understudy.services.sagemaker.containers.failures import JobFailedError

if TYPE_CHECKING:
    from pathlib import Path


DISK = 1 << 40


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
    unpack(tar_gz(name="code/a.py"), tmp_path, uri="s3://b/k", of="code", disk_bytes=DISK)
    assert (tmp_path / "code" / "a.py").read_text() == "text"


@pytest.mark.usefixtures("any_python")
@pytest.mark.parametrize(("name", "kind"), [("../a", tarfile.REGTYPE), ("a", tarfile.SYMTYPE)])
def test_what_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    packed, folder = tar_gz(name=name, kind=kind), tmp_path / "in"
    with pytest.raises(JobFailedError, match="s3://b/k is no gzipped tar archive of code"):
        unpack(packed, folder, uri="s3://b/k", of="code", disk_bytes=DISK)
    assert not (tmp_path / "a").exists()


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobFailedError, match="no gzipped tar archive of a model"):
        unpack(tar_gz(name="a")[:40], tmp_path, uri="s3://b/k", of="a model", disk_bytes=DISK)


def zeros(*, size: int, count: int = 1) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=9) as archive:
        for number in range(count):
            member = tarfile.TarInfo(f"zeros-{number}")
            member.size = size
            archive.addfile(member, io.BytesIO(bytes(size)))
    return packed.getvalue()


def test_an_archive_that_grows_a_thousandfold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_ALWAYS_ALLOWED", 8 << 20)
    packed = zeros(size=2 << 20, count=5)
    assert len(packed) * 100 < 8 << 20
    with pytest.raises(JobFailedError, match="'zeros-4' makes it larger than 8 MiB"):
        unpack(packed, tmp_path, uri="s3://b/k", of="code", disk_bytes=DISK)
    assert len(list(tmp_path.iterdir())) == 4


def test_an_archive_is_not_larger_than_the_disk(tmp_path: Path) -> None:
    with pytest.raises(JobFailedError, match="'zeros-0' makes it larger than 1 MiB"):
        unpack(zeros(size=2 << 20), tmp_path, uri="s3://b/k", of="code", disk_bytes=1 << 20)
    assert not list(tmp_path.iterdir())


def test_an_archive_of_very_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_MOST_MEMBERS", 100)
    packed = zeros(size=0, count=101)
    with pytest.raises(JobFailedError, match="more than 100 files"):
        unpack(packed, tmp_path, uri="s3://b/k", of="code", disk_bytes=DISK)
    assert len(list(tmp_path.iterdir())) == 100
