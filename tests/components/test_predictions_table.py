"""The table of predictions has the columns that the pipeline's records have."""

from __future__ import annotations

from components.predictions_table import COLUMNS
from pipeline_defs.catch_value.steps import preprocess


def test_the_columns_are_the_models_features_and_its_answer() -> None:
    assert list(COLUMNS) == [*preprocess.FEATURES, "sagemakeroutput"]
