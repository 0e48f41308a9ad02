from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from pipeline_defs.sdk.bundle import schema_bytes, training_archive, write_training_archive
from pipeline_defs.sdk.spec import DefinitionError
from pipeline_defs.tabular import SPEC

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


def test_a_schema_lies_beside_the_scripts_and_changes_the_bytes(tmp_path: Path) -> None:
    extra = {"schema.json": schema_bytes({"target": "Wert \u00e4"})}
    packed = write_training_archive(SPEC, tmp_path, extra=extra).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        assert archive.getnames() == ["inference.py", "schema.json", "train.py"]
        schema = archive.extractfile("schema.json")
        assert schema is not None
        assert json.load(schema) == {"target": "Wert \u00e4"}
    assert packed != training_archive(SPEC)
