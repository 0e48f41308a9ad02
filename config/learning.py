"""What one pipeline learns of one data set, and the file that tells its step scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from config.dataset import FEATURE_ROLES, NUMBERS, Prediction

if TYPE_CHECKING:
    from config.dataset import Column, Dataset
    from config.sections.ml import Pipeline

METRICS: Final = {
    "regression": ("mae", "rmse", "weighted_ape"),
    "classification": ("error_rate", "log_loss"),
}
BASELINES: Final = {
    "regression": ("median", "mean", "ratio"),
    "classification": ("majority",),
}
"""What each task allows; the first is the default."""
SCALES: Final = {
    "regression": ("linear", "log", "log_ratio"),
    "classification": ("linear",),
}
SPLIT: Final = {"test": 0.15, "validation": 0.15, "seed": 0}
"""The shares of the test and the validation set, and what seeds the hash of a key."""
JOINED: Final = "sagemakeroutput"
"""What SageMaker calls an answer that it joins to its record (DataProcessing.JoinSource)."""
HIVE: Final = {
    "whole": "bigint",
    "fraction": "double",
    "text": "string",
    "boolean": "boolean",
    "date": "string",
    "timestamp": "string",
}
"""How a value of a type is written in the JSON lines of answers, by Hive's names."""


@dataclass(frozen=True, kw_only=True)
class Learning:
    """A pipeline's settings and its data set's, with every default filled in."""

    pipeline: Pipeline
    dataset: Dataset
    target: str
    task: str
    baseline: str
    scale: str
    metric: str

    @property
    def features(self) -> dict[str, Column]:
        """The columns that the model sees, in the data set's order."""
        return {
            name: column
            for name, column in self.dataset.columns.items()
            if name != self.target
            and column.role in FEATURE_ROLES
            and column.type not in {"date", "timestamp"}
        }

    @property
    def answer(self) -> str:
        """What the model calls its prediction."""
        return f"predicted_{self.target}"

    @property
    def answers_table(self) -> str:
        """The table of a batch transform's answers, and the folder of the model bucket below it."""
        return f"{self.pipeline.name}_predictions"

    @property
    def answer_columns(self) -> dict[str, str]:
        """The columns of that table to their types in Hive: a record, and what is answered."""
        record = {
            name: "string" if column.role == "category" else HIVE[column.type]
            for name, column in self.features.items()
        }
        kind = "double" if self.task == "regression" else "string"
        probability = "" if self.task == "regression" else ",probability:double"
        return {**record, JOINED: f"struct<{self.answer}:{kind}{probability}>"}

    @property
    def time(self) -> str | None:
        """The column that splits the records: the test lies in the future."""
        return None if self.dataset.time == self.target else self.dataset.time

    def schema(self) -> dict[str, Any]:
        """What ``schema.json`` holds: all that the scripts of a pipeline know of their data."""
        prediction = self.dataset.prediction
        kept = {**self.features, self.target: self.dataset.columns[self.target]}
        kept |= {name: self.dataset.columns[name] for name in self._keys}
        return {
            "pipeline": self.pipeline.name,
            "dataset": self.dataset.name,
            "columns": {name: _described(name, column, self) for name, column in kept.items()},
            "features": list(self.features),
            "target": self.target,
            "answer": self.answer,
            "unit": prediction.unit if self.target == self.dataset.target else "",
            "task": self.task,
            "time": self.time,
            "key": list(self.dataset.of_role("key")),
            "partitions": list(self.dataset.partitions),
            "split": dict(SPLIT),
            "algorithm": self.pipeline.algorithm,
            "scale": self.scale,
            "metric": self.metric,
            "baseline": {"kind": self.baseline, **self._ratio},
        }

    @property
    def _keys(self) -> tuple[str, ...]:
        time = (self.time,) if self.time and self.time not in self.features else ()
        return (*self.dataset.of_role("key"), *time)

    @property
    def _ratio(self) -> dict[str, str | None]:
        if "ratio" not in {self.baseline, self.scale.removeprefix("log_")}:
            return {}
        prediction = self.dataset.prediction
        return {"ratio_to": prediction.ratio_to, "by": prediction.by}


def learning_of(pipeline: Pipeline, dataset: Dataset) -> Learning:
    """Fill in what the settings leave open.

    Raises:
        ValueError: the data set has no such target, or a choice does not fit the task.
    """
    target = _target_of(pipeline, dataset)
    # What the data set says of predictions is meant for its own target.
    prediction = dataset.prediction if target == dataset.target else Prediction()
    column = dataset.columns[target]
    task = pipeline.task or prediction.task or _task_of(column)
    if task == "regression" and column.type not in NUMBERS:
        raise ValueError(
            f'pipelines.{pipeline.name}.task: "regression" needs a number, but {target!r} is '
            f"{column.type}"
        )
    learning = Learning(
        pipeline=pipeline,
        dataset=dataset,
        target=target,
        task=task,
        baseline=pipeline.baseline or prediction.baseline or BASELINES[task][0],
        scale=pipeline.scale or prediction.scale or SCALES[task][0],
        metric=pipeline.metric or prediction.metric or METRICS[task][0],
    )
    _refuse_misfits(learning)
    return learning


def _target_of(pipeline: Pipeline, dataset: Dataset) -> str:
    target, place = pipeline.target or dataset.target, f"pipelines.{pipeline.name}.target"
    if target is None:
        raise ValueError(
            f"{place}: missing, and no column of datasets/{dataset.name}.toml has the role "
            '"target"; name the column to predict in one of the two'
        )
    if target not in dataset.columns:
        raise ValueError(
            f"{place}: {target!r} is no column of datasets/{dataset.name}.toml; there are "
            f"{', '.join(dataset.columns)}"
        )
    return target


def _refuse_misfits(learning: Learning) -> None:
    place, file = f"pipelines.{learning.pipeline.name}", f"datasets/{learning.dataset.name}.toml"
    for key, allowed in (("baseline", BASELINES), ("scale", SCALES), ("metric", METRICS)):
        value = getattr(learning, key)
        if value not in allowed[learning.task]:
            raise ValueError(
                f"{place}.{key}: {value!r} is not for {learning.task}; allowed is "
                f"{', '.join(allowed[learning.task])}"
            )
        if "ratio" in value and learning.dataset.prediction.ratio_to is None:
            raise ValueError(
                f"{place}.{key}: {value!r} needs prediction.ratio_to in {file}, the column that "
                f"{learning.target!r} is proportional to"
            )
    if not learning.features:
        raise ValueError(
            f"{place}: {file} has no column to predict {learning.target!r} from; give one the "
            "role number or category"
        )


def _task_of(column: Column) -> str:
    return "regression" if column.type in NUMBERS else "classification"


def _described(name: str, column: Column, learning: Learning) -> dict[str, Any]:
    """A column as the scripts see it; ``kind`` says how the model takes a feature."""
    numeric = column.type in NUMBERS and column.role != "category"
    bounds = {
        key: bound
        for key in ("above", "minimum", "maximum")
        if (bound := getattr(column, key)) is not None
    }
    return {
        "type": column.type,
        "kind": "number" if numeric else "category",
        "files": column.files,
        "required": column.required or name == learning.target,
        **bounds,
    }
