"""The pipeline that predicts the landed value of a catch."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline_defs.sdk.spec import Answers, Image, PipelineSpec

SPEC: Final = PipelineSpec(
    folder=Path(__file__).parent,
    title="Predicts the landed value of a catch",
    model_title="Versions of the model of a catch's landed value",
    label="",
    modes=("realtime", "batch"),
    image=Image(framework="sklearn", version="1.9-0"),
    scripts=("preprocess.py", "evaluate.py"),
    training_files=("inference.py", "train.py"),  # train.py copies inference.py into the model
    parameters={"InstanceType": "instance_type", "MaxErrorRatio": "max_error_ratio"},
    answers=Answers(
        table="predictions",
        description="Predicted landed values of the batch transform, in US dollars of 2010",
        features={
            "year": "int",
            "tonnes": "double",
            "fishing_entity": "string",
            "fishing_sector": "string",
            "catch_type": "string",
            "reporting_status": "string",
            "gear_type": "string",
            "end_use_type": "string",
            "area_name": "string",
            "common_name": "string",
            "functional_group": "string",
            "commercial_group": "string",
        },
        year="year",
        weight="tonnes",
        target="landed_value",
        answer="predicted_landed_value",
        unit="US$",
        shown=("year", "fishing_entity", "common_name", "gear_type"),
    ),
)
