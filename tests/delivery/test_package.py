"""Packages: what was packed comes out, byte by byte, or nothing does."""

from __future__ import annotations

import hashlib
import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from delivery.errors import DeliveryError
from delivery.package import Plan, pack, unpack

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan(
    config="dev",
    commit="0123abc",
    account="123456789012",
    region="us-east-1",
    difference="[+] AWS::S3::Bucket Größe `x` $(y)\n",
)


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    folder = tmp_path / "cdk.out"
    (folder / "asset.1").mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "asset.1" / "code.bin").write_bytes(bytes(range(256)))
    return folder


def test_what_was_packed_comes_out_byte_by_byte(assembly: Path, tmp_path: Path) -> None:
    digest = pack(PLAN, assembly, package=tmp_path / "new" / "package.tar")

    plan, folder = unpack(
        tmp_path / "new" / "package.tar", digest=digest, folder=tmp_path / "approved"
    )

    assert plan == PLAN
    assert {path.relative_to(folder) for path in folder.rglob("*")} == {
        path.relative_to(assembly) for path in assembly.rglob("*")
    }
    assert (folder / "asset.1" / "code.bin").read_bytes() == bytes(range(256))


def test_a_package_with_one_other_bit_is_refused_and_not_unpacked(
    assembly: Path, tmp_path: Path
) -> None:
    package = tmp_path / "package.tar"
    digest = pack(PLAN, assembly, package=package)
    content = bytearray(package.read_bytes())
    content[content.index(bytes(range(256)))] ^= 1
    package.write_bytes(content)

    with pytest.raises(DeliveryError, match="is not the package that was approved") as error:
        unpack(package, digest=digest, folder=tmp_path / "approved")

    assert digest in str(error.value)
    assert not (tmp_path / "approved").exists()


@pytest.mark.parametrize("digest", ["", "0" * 64, "sha256:"])
def test_without_the_approved_digest_nothing_is_unpacked(
    assembly: Path, tmp_path: Path, digest: str
) -> None:
    pack(PLAN, assembly, package=tmp_path / "package.tar")

    with pytest.raises(DeliveryError, match=f"the approved one is '{digest}'; nothing is deployed"):
        unpack(tmp_path / "package.tar", digest=digest, folder=tmp_path / "approved")


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"package\.tar: cannot be read: No such file"):
        unpack(tmp_path / "package.tar", digest="0" * 64, folder=tmp_path / "approved")


def test_nothing_is_unpacked_outside_of_the_folder(assembly: Path, tmp_path: Path) -> None:
    package = tmp_path / "package.tar"
    pack(PLAN, assembly, package=package)
    with tarfile.open(package, "a") as archive:
        archive.addfile(tarfile.TarInfo("../escaped"), io.BytesIO())
    digest = hashlib.sha256(package.read_bytes()).hexdigest()

    with pytest.raises(DeliveryError, match="is no file or folder inside of it"):
        unpack(package, digest=digest, folder=tmp_path / "approved")

    assert not (tmp_path / "escaped").exists()
