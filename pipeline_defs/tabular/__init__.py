"""The pipeline that learns to predict a column of any table, which its schema.json describes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline_defs.sdk.spec import Image, PipelineSpec

SPEC: Final = PipelineSpec(
    folder=Path(__file__).parent,
    title="Predicts {target} of the data set {dataset}",
    model_title="Versions of the model that predicts {target} of the data set {dataset}",
    modes=("realtime", "batch"),
    images={
        "sklearn": Image(framework="sklearn", version="1.9-0"),
        "xgboost": Image(framework="xgboost", version="3.2-0"),
    },
    scripts=("preprocess.py", "evaluate.py"),
    training_files=("inference.py", "train.py"),  # train.py copies inference.py into the model
    parameters={"InstanceType": "instance_type", "MaxErrorRatio": "max_error_ratio"},
    learns=True,
)
