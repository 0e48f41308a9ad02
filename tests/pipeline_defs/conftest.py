from __future__ import annotations

import importlib.util
import runpy
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
import sklearn.ensemble  # noqa: F401 - loads OpenMP, so that its threads can be limited
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

STEPS = Path(__file__).parents[2] / "pipeline_defs" / "catch_value" / "steps"


def catches(*, rows: int = 600, first_year: int = 2000, years: int = 10) -> pd.DataFrame:
    """Invented catches whose price depends on species and fishing entity, exactly."""
    random = np.random.default_rng(7)
    species = random.choice(["Albacore", "Skipjack tuna", "Marine crabs, nei"], rows)
    entity = random.choice(["Fiji", "Japan"], rows)
    price = pd.Series(species).map({"Albacore": 3000.0, "Skipjack tuna": 900.0}).fillna(150.0)
    price = price * np.where(entity == "Japan", 10.0, 1.0)
    tonnes = np.exp(random.normal(2.0, 1.5, rows))
    return pd.DataFrame(
        {
            "year": first_year + np.arange(rows) % years,
            "fishing_entity": entity,
            "fishing_sector": "Industrial",
            "catch_type": "Landings",
            "reporting_status": random.choice(["Reported", "Unreported"], rows),
            "gear_type": random.choice(["longline", "purse seine"], rows),
            "end_use_type": "Direct human consumption",
            "common_name": species,
            "tonnes": tonnes,
            "landed_value": price.to_numpy() * tonnes,
        }
    )


def load_step(name: str) -> Any:
    """A step's script as a module."""
    spec = importlib.util.spec_from_file_location(f"step_{name}", STEPS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Done:
    """How a step ended."""

    returncode: int
    stderr: str


def run_step(name: str, *arguments: object) -> Done:
    """Run a step as its container does, but in this process: imports cost seconds each."""
    path = str(STEPS / f"{name}.py")
    argv = patch.object(sys, "argv", [path, *map(str, arguments)])
    # Threads that outnumber free cores spin: minutes instead of seconds on a busy machine.
    with argv, threadpool_limits(1):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as ended:
            return Done(returncode=1, stderr=str(ended.code))
    return Done(returncode=0, stderr="")


def prepare(folder: Path, data: pd.DataFrame) -> Path:
    """Preprocess data; the folder of the sets."""
    (folder / "in").mkdir(parents=True)
    data.to_parquet(folder / "in" / "catches.parquet")
    done = run_step("preprocess", "--input", folder / "in", "--output", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out"


def train(sets: Path, model: Path, *more: object) -> None:
    """Train on prepared sets."""
    arguments = ["--train", sets / "train", "--validation", sets / "validation"]
    done = run_step("train", *arguments, "--model-dir", model, "--max_iter", 60, *more)
    assert done.returncode == 0, done.stderr


def pack(model: Path, folder: Path) -> Path:
    """Pack a model as SageMaker does; the folder of the archive."""
    folder.mkdir()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for path in sorted(model.iterdir()):
            archive.add(path, arcname=path.name)
    return folder


@pytest.fixture(scope="session")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("sets"), catches())


@pytest.fixture(scope="session")
def model(sets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train(sets, folder)
    return folder
