from __future__ import annotations

import importlib.util
import io
import json
import runpy
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
import sklearn.ensemble  # noqa: F401 - loads OpenMP, so that its threads can be limited
import xgboost  # noqa: F401 - likewise
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from config import load
from pipeline_defs.sdk.bundle import schema_bytes, training_archive
from pipeline_defs.tabular import SPEC

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = Path(__file__).parents[2] / "pipeline_defs" / "tabular" / "steps"


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
            "area_name": "Fiji",
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


def run_step(name: str, *arguments: object, folder: Path = STEPS) -> Done:
    """Run a step as its container does, but in this process: imports cost seconds each."""
    path = str(folder / f"{name}.py")
    argv = patch.object(sys, "argv", [path, *map(str, arguments)])
    # Threads that outnumber free cores spin: minutes instead of seconds on a busy machine.
    with argv, threadpool_limits(1):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as ended:
            return Done(returncode=1, stderr=str(ended.code))
    return Done(returncode=0, stderr="")


def catch_schema() -> dict[str, Any]:
    """What the scripts know of the catch data."""
    settings = load("dev")
    return settings.learning(settings.pipelines["catch_value"]).schema()


def with_schema(folder: Path, schema: Mapping[str, Any]) -> Path:
    """A folder with the schema as S3 hands it to a job, under a name of its own."""
    (folder / "schema").mkdir(parents=True, exist_ok=True)
    (folder / "schema" / "0a1b.json").write_bytes(schema_bytes(schema))
    return folder / "schema"


def preprocess(folder: Path, schema: Mapping[str, Any]) -> Done:
    """Preprocess what lies in ``in/`` of a folder into ``out/``."""
    given = ["--input", folder / "in", "--schema", with_schema(folder, schema)]
    return run_step("preprocess", *given, "--output", folder / "out")


def prepare(folder: Path, data: pd.DataFrame, schema: Mapping[str, Any] | None = None) -> Path:
    """Preprocess data, by default the catches; the folder of the sets."""
    (folder / "in").mkdir(parents=True)
    data.to_parquet(folder / "in" / "records.parquet")
    done = preprocess(folder, schema or catch_schema())
    assert done.returncode == 0, done.stderr
    return folder / "out"


def unpacked_code(folder: Path, schema: Mapping[str, Any]) -> Path:
    """The training code with its schema, as script mode unpacks it."""
    archive = training_archive(SPEC, {"schema.json": schema_bytes(schema)})
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder)  # noqa: S202 - the archive has just been made
    return folder


def train(sets: Path, model: Path, *more: object, schema: Mapping[str, Any] | None = None) -> Done:
    """Train on prepared sets, by default on those of the catches."""
    code = unpacked_code(model.parent / f"{model.name}-code", schema or catch_schema())
    arguments = ["--train", sets / "train", "--validation", sets / "validation"]
    return run_step("train", *arguments, "--model-dir", model, "--max_iter", 60, *more, folder=code)


def evaluate(sets: Path, packed: Path, out: Path) -> Done:
    """Evaluate a packed model on prepared sets."""
    parts = [word for n in ("train", "validation", "test") for word in (f"--{n}", sets / n)]
    return run_step("evaluate", "--model", packed, *parts, "--evaluation", out)


def pack(model: Path, folder: Path) -> Path:
    """Pack a model as SageMaker does; the folder of the archive."""
    folder.mkdir()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for path in sorted(model.iterdir()):
            archive.add(path, arcname=path.name)
    return folder


@dataclass(frozen=True)
class Learned:
    """What the steps made of a table."""

    sets: Path
    model: Path
    evaluation: dict[str, Any]


def learn(folder: Path, data: pd.DataFrame, schema: Mapping[str, Any], *more: object) -> Learned:
    """Take a table through the steps."""
    sets = prepare(folder, data, schema)
    done = train(sets, folder / "model", *more, schema=schema)
    assert done.returncode == 0, done.stderr
    done = evaluate(sets, pack(folder / "model", folder / "packed"), folder / "evaluation")
    assert done.returncode == 0, done.stderr
    text = (folder / "evaluation" / "evaluation.json").read_text()
    return Learned(sets=sets, model=folder / "model", evaluation=json.loads(text))


@pytest.fixture(scope="session")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("sets"), catches())


@pytest.fixture(scope="session")
def model(sets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "model"
    done = train(sets, folder)
    assert done.returncode == 0, done.stderr
    return folder
