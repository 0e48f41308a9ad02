"""A folder of a user's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scaffold.making import Scaffold

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def scaffold(tmp_path: Path) -> Scaffold:
    return Scaffold(tmp_path)
