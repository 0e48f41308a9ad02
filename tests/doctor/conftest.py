"""Machines to look at: folders and environments that a test makes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doctor.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Machine]:
    """Makes a machine with an empty clone, an empty home and these variables only."""
    (tmp_path / "clone").mkdir()
    (tmp_path / "home").mkdir()

    def make(environ: Mapping[str, str] | None = None, **pip: str) -> Machine:
        made = Machine(
            root=tmp_path / "clone", home=tmp_path / "home", environ={"PATH": "", **(environ or {})}
        )
        made.__dict__["pip_options"] = {
            name.replace("_", "-"): value for name, value in pip.items()
        }
        return made

    monkeypatch.setattr("doctor.machine.SYSTEM_UV_FILES", ())
    return make
