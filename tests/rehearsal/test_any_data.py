"""Data that the platform was not made for: from a folder of files to predictions, no Python."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from sklearn.datasets import load_diabetes, load_iris

from tests.rehearsal.running import ROOT, Run, all_gone, rehearse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rehearsal

TRIPS = 400
SETTINGS = """name = "capstone-any"
region = "us-east-1"
data = "disposable"
datasets = ["../datasets/flowers.toml", "../datasets/patients.toml", "../datasets/trips.toml"]

[tags]
project = "any"

[pipelines.species]
dataset = "flowers"

[pipelines.progression]
dataset = "patients"
algorithm = "xgboost"
max_error_ratio = 1

[pipelines.fare]
dataset = "trips"
deploy = "batch"
"""


def flowers(folder: Path) -> None:
    """A CSV file with spaces and brackets in its header, and whole numbers as classes."""
    iris = load_iris(as_frame=True)
    iris.frame.rename(columns={"target": "Species No."}).to_csv(folder / "iris.csv", index=False)


def patients(folder: Path) -> None:
    """A Parquet file of numbers."""
    load_diabetes(as_frame=True).frame.to_parquet(folder / "diabetes.parquet", index=False)


def trips(folder: Path) -> None:
    """Compressed JSON lines, with objects in objects and a moment."""
    dice = random.Random(3)  # noqa: S311 - invented trips, no secrets
    lines = []
    for number in range(TRIPS):
        kilometres = round(dice.uniform(1, 30), 2)
        station = dice.choice(["Nord", "Süd", "Ost"])
        trip = {
            "tripId": f"t{number:04}",
            "start": {
                "at": f"2024-{1 + number % 12:02}-{1 + number % 28:02}T08:{number % 60:02}:00"
            },
            "from": {"station": {"name": station}},
            "kilometres": kilometres,
            "fare": round(2.5 + 1.8 * kilometres + (3 if station == "Süd" else 0), 2),
        }
        lines.append(json.dumps(trip, ensure_ascii=False) + "\n")
    with gzip.open(folder / "trips.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(lines)


DATASETS = (
    ("flowers", flowers, "Species No."),
    ("patients", patients, "target"),
    ("trips", trips, "fare"),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One platform of three data sets that `make new` has looked at, each with a pipeline."""
    folder = tmp_path_factory.mktemp("any")
    for name, write, target in DATASETS:
        files = folder / "data" / name
        files.mkdir(parents=True)
        write(files)
        subprocess.run(
            [
                *(sys.executable, "-m", "scaffold", "--name", name, "--data", str(files)),
                *("--target", target, "--into", str(folder)),
            ],
            cwd=ROOT,
            check=True,
        )
    settings = folder / "config" / "any.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    return rehearse(
        "--config", str(settings), "--data", str(folder / "data"), out=folder / "out"
    )  # fmt: skip


def pipelines(run: Run) -> dict[str, dict[str, Any]]:
    return {pipeline["name"]: pipeline for pipeline in run.report["pipelines"]}


def test_every_step_is_proved(run: Run) -> None:
    assert run.code == 0, run.text
    assert {step["status"] for step in run.report["steps"]} == {"proved"}
    assert all_gone(run.out)


def test_every_starter_query_is_answered_as_expected(run: Run) -> None:
    queries = run.report["queries"]

    assert {query["dataset"] for query in queries} == {"flowers", "patients", "trips"}
    assert [query["name"] for query in queries if not query["rows"]] == []


def test_whole_numbers_as_classes_are_classified(run: Run) -> None:
    metrics = pipelines(run)["species"]["metrics"]

    assert metrics["task"] == "classification"
    assert metrics["model"]["error_rate"] < metrics["baseline"]["error_rate"] / 2


@pytest.mark.parametrize("name", ["progression", "fare"])
def test_numbers_are_regressed_better_than_by_the_baseline(run: Run, name: str) -> None:
    metrics = pipelines(run)[name]["metrics"]

    assert metrics["task"] == "regression"
    assert metrics["error_ratio"] < 1
