"""What every test may use: the project's root, and each shipped configuration synthesized once."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

# The validator costs two seconds a synthesis; tests/test_synthesis.py runs it once.
os.environ["CDK_VALIDATION"] = "false"
# Two workers that train with all cores each wait for one another.
os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).parent.parent
SHIPPED = ("dev", "prod", "academy")


@cache
def assembly_of(config: str) -> Path:
    """The cloud assembly of a configuration, synthesized in this process."""
    from app import build  # noqa: PLC0415 - the CDK takes seconds to import
    from config import load  # noqa: PLC0415 - ditto

    outdir = mkdtemp(prefix=f"capstone-{Path(config).stem}-")
    build(load(config), outdir=outdir).synth()
    return Path(outdir)


@pytest.fixture(params=SHIPPED)
def assembly(request: pytest.FixtureRequest) -> Path:
    """Each shipped configuration's cloud assembly in turn."""
    return assembly_of(request.param)
