from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.pipeline_defs.conftest import pack, run_step

DATA = Path(__file__).parents[3] / "shared" / "data" / "sea-around-us"
RAW_NAMES = {"country": "fishing_entity", "fish_name": "common_name"}


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real catch data is not at {DATA}")
def test_on_the_real_catches_the_model_halves_the_baselines_error(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for file in DATA.glob("*.parquet"):
        pd.read_parquet(file).rename(columns=RAW_NAMES).to_parquet(tmp_path / "in" / file.name)
    sets = tmp_path / "out"
    done = run_step("preprocess", "--input", tmp_path / "in", "--output", sets)
    assert done.returncode == 0, done.stderr
    learn = ["--train", sets / "train", "--validation", sets / "validation"]
    # A fifth of the trees that the pipeline grows: the test is to take seconds.
    few = ["--max_iter", 150]
    done = run_step("train", *learn, "--model-dir", tmp_path / "model", *few)
    assert done.returncode == 0, done.stderr
    packed = pack(tmp_path / "model", tmp_path / "packed")
    measure = ["--model", packed, *learn, "--test", sets / "test"]
    done = run_step("evaluate", *measure, "--evaluation", tmp_path / "evaluation")
    assert done.returncode == 0, done.stderr
    evaluation = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text())
    assert evaluation["test_rows"] == 8158
    assert evaluation["test_years"] == [2014, 2018]
    assert evaluation["error_ratio"] < 0.5
