from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from pipeline_defs.catch_value import SPEC

from pipeline_defs.sdk.bundle import training_archive, write_training_archive
from pipeline_defs.sdk.spec import DefinitionError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_archive_has_the_same_bytes_whenever_it_is_made(tmp_path: Path) -> None:
    first = training_archive(SPEC)
    with patch("time.time", return_value=2_000_000_000.0):  # gzip and tar note the time
        assert write_training_archive(SPEC, tmp_path / "build").read_bytes() == first


def test_the_archive_holds_the_script_and_what_serves_its_model() -> None:
    with tarfile.open(fileobj=io.BytesIO(training_archive(SPEC)), mode="r:gz") as archive:
        members = {member.name: member for member in archive.getmembers()}
        script = archive.extractfile("train.py")
        assert script is not None
        assert script.read() == (SPEC.folder / "steps" / "train.py").read_bytes()
    assert sorted(members) == ["inference.py", "train.py"]
    assert {(m.mtime, m.uid, m.uname) for m in members.values()} == {(0, 0, "")}


def test_a_file_that_is_missing_is_named_with_what_to_correct() -> None:
    spec = replace(SPEC, training_files=("absent.py",))
    with pytest.raises(DefinitionError, match=r"no file .*absent\.py; correct scripts or training"):
        training_archive(spec)
