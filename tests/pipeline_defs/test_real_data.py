from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.pipeline_defs.conftest import catch_schema, evaluate, pack, preprocess, train

DATA = Path(__file__).parents[3] / "shared" / "data" / "sea-around-us"
RAW_NAMES = {"country": "fishing_entity", "fish_name": "common_name"}


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real catch data is not at {DATA}")
def test_on_the_real_catches_the_model_halves_the_baselines_error(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for file in DATA.glob("*.parquet"):
        pd.read_parquet(file).rename(columns=RAW_NAMES).to_parquet(tmp_path / "in" / file.name)
    done = preprocess(tmp_path, catch_schema())
    assert done.returncode == 0, done.stderr
    # A fifth of the trees that the pipeline grows: the test is to take seconds.
    done = train(tmp_path / "out", tmp_path / "model", "--max_iter", 150)
    assert done.returncode == 0, done.stderr
    packed = pack(tmp_path / "model", tmp_path / "packed")
    done = evaluate(tmp_path / "out", packed, tmp_path / "evaluation")
    assert done.returncode == 0, done.stderr
    evaluation = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text())
    assert evaluation["test_rows"] == 8158
    assert evaluation["test_range"] == [2014, 2018]
    assert evaluation["baseline"]["weighted_ape"] == pytest.approx(0.488, abs=0.0005)
    assert evaluation["error_ratio"] < 0.5
