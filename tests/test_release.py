"""A release is built of the package and the version that its tag names, or of nothing."""

from __future__ import annotations

import importlib.util
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PACKAGES = sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))


@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_package", ROOT / ".ci/build_package.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def version_of(folder: Path) -> str:
    return str(tomllib.loads((folder / "pyproject.toml").read_text())["project"]["version"])


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_the_tag_of_a_package_names_its_folder(release: ModuleType, folder: Path) -> None:
    version = version_of(folder)
    assert release.package_of(f"{folder.name}-v{version}") == (folder, version)


@pytest.mark.parametrize("tag", ["", "v1", "capstone-v1", "../x-v1", "$(x)-v1", "stackverdict"])
def test_a_tag_of_no_package_is_refused(release: ModuleType, tag: str) -> None:
    with pytest.raises(ValueError, match="names no package; allowed are aws-understudy"):
        release.package_of(tag)


def test_another_version_than_the_packages_is_refused(release: ModuleType) -> None:
    with pytest.raises(
        ValueError, match=r"'9\.9\.9', and packages/stackverdict/pyproject\.toml says"
    ):
        release.package_of("stackverdict-v9.9.9")


def test_the_notes_are_the_changelogs(release: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 2.0\nnew\n\n## 1.0\nold\n")
    assert release.notes_of(tmp_path, "2.0") == "new\n"
    assert release.notes_of(tmp_path, "1.0") == "old\n"
    with pytest.raises(ValueError, match=r"has no section 3\.0; say there what a user gets"):
        release.notes_of(tmp_path, "3.0")
