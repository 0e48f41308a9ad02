"""A data set: ``datasets/NAME.toml`` is the one place that names its columns."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from config.sections.ml import Baseline, Metric, Scale, Task
from config.sections.section import Section, pascal_case
from config.sections.storage import Prefix

ColumnName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,127}$")]
"""What Glue's tables and Athena's SQL take without quotes, reserved words apart."""
Type = Literal["whole", "fraction", "text", "boolean", "date", "timestamp"]
Role = Literal["key", "number", "category", "text", "time", "target", "ignored"]
NUMBERS: Final = frozenset({"whole", "fraction"})
ROLES: Final[dict[str, frozenset[str]]] = {
    "key": frozenset({"whole", "text"}),
    "number": NUMBERS,
    "category": frozenset({"whole", "text", "boolean"}),
    "text": frozenset({"text"}),
    "time": frozenset({"whole", "date", "timestamp"}),
    "target": frozenset({"whole", "fraction", "text", "boolean"}),
    "ignored": frozenset({"whole", "fraction", "text", "boolean", "date", "timestamp"}),
}
"""The types that a column of each role may have."""
FEATURE_ROLES: Final = frozenset({"number", "category", "time"})


class Column(Section):
    """One column: what it holds, and what it is for."""

    type: Type
    """What every value of it is; an empty one is no value."""
    role: Role
    """What it is for: ``number``, ``category`` and ``time`` are what a model learns from,
    ``target`` is what it predicts, ``key`` tells the rows apart."""
    files: Literal["every", "some", "any"] = "every"
    """Which files must bring it: every one, at least one, or none."""
    required: bool = False
    """Whether a row without a value is of no use to a model."""
    above: float | None = None
    """A number must be greater than this to be of use to a model."""
    minimum: float | None = None
    """A number must be at least this, likewise."""
    maximum: float | None = None
    """A number must be at most this, likewise."""
    description: str = ""
    """For those who read the file."""

    @model_validator(mode="after")
    def _refuse_misfits(self) -> Self:
        if self.type not in ROLES[self.role]:
            allowed = ", ".join(sorted(ROLES[self.role]))
            raise ValueError(f"role {self.role!r} takes {allowed}, not the type {self.type!r}")
        bounds = (self.above, self.minimum, self.maximum)
        if self.type not in NUMBERS and any(bound is not None for bound in bounds):
            raise ValueError(f"above, minimum and maximum are for numbers, not for {self.type!r}")
        return self


class Rename(Section):
    """Columns to rename in the files that a pattern matches, before they are uploaded."""

    files: str = Field(default="*", min_length=1)
    """A shell pattern over the file's name, such as ``*EEZ*``."""
    columns: dict[str, str] = Field(min_length=1)
    """Old name to new name; ``old#2`` is the second column of the name ``old``, and
    ``outer.inner`` a value inside an object."""


class Prediction(Section):
    """How a pipeline predicts the target, unless its settings say otherwise."""

    task: Task | None = None
    """By default what the target's type says."""
    baseline: Baseline | None = None
    ratio_to: str | None = None
    """The column that the target is proportional to, for ``baseline = "ratio"``."""
    by: str | None = None
    """The category whose ratio is taken, such as a price by species."""
    scale: Scale | None = None
    metric: Metric | None = None
    unit: str = ""
    """What the predicted numbers are, such as ``US$ of 2010``."""
    shown: tuple[str, ...] = ()
    """The columns that tell a person which record it is."""


class Dataset(Section):
    """One table's worth of files."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    """The name of the file without ``.toml``."""
    home: Path
    """The folder that holds ``datasets/``, ``queries/`` and ``dashboards/``."""
    title: str = Field(min_length=1)
    """What a person calls it."""
    licence: str = ""
    """Whose it is, and what may be done with it."""
    prefix: Prefix | None = None
    """By default ``raw/NAME/``."""
    partitions: tuple[str, ...] = ()
    """Columns whose values are folders, ``column=value/``, from the outermost."""
    queries: bool = True
    """False for a data set that has no SQL of its own on purpose."""
    columns: dict[ColumnName, Column] = Field(min_length=1)
    """Every column that the platform knows, in the order in which a model sees them."""
    renames: tuple[Rename, ...] = ()
    prediction: Prediction = Prediction()

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> Self:
        for role in ("target", "time"):
            names = self.of_role(role)
            if len(names) > 1:
                raise ValueError(
                    f"{', '.join(names)} all have the role {role!r}; give it to one, and to the "
                    "others number, category or ignored"
                )
        named = {
            "partitions": self.partitions,
            "prediction.ratio_to": (self.prediction.ratio_to,),
            "prediction.by": (self.prediction.by,),
            "prediction.shown": self.prediction.shown,
        }
        for key, columns in named.items():
            self._refuse_unknown(key, columns)
        self._refuse_ratio_of_texts()
        return self

    def _refuse_ratio_of_texts(self) -> None:
        allowed = {"ratio_to": ("number",), "by": ("category",)}
        for key, roles in allowed.items():
            name = getattr(self.prediction, key)
            if name is not None and self.columns[name].role not in roles:
                raise ValueError(
                    f"prediction.{key} names {name!r}, whose role is "
                    f"{self.columns[name].role!r}; it must be a {roles[0]}"
                )

    def _refuse_unknown(self, key: str, columns: tuple[str | None, ...]) -> None:
        unknown = [name for name in columns if name is not None and name not in self.columns]
        if unknown:
            raise ValueError(
                f"{key} names {', '.join(map(repr, unknown))}, which is no column; there are "
                f"{', '.join(self.columns)}"
            )

    def of_role(self, role: Role) -> tuple[str, ...]:
        """The columns that have a role, in their order."""
        return tuple(name for name, column in self.columns.items() if column.role == role)

    @property
    def target(self) -> str | None:
        """The column that is to be predicted, if there is one."""
        return next(iter(self.of_role("target")), None)

    @property
    def time(self) -> str | None:
        """The column that orders the rows in time, if there is one."""
        return next(iter(self.of_role("time")), None)

    @property
    def label(self) -> str:
        """The name as part of a construct's id, such as ``Catch``."""
        return pascal_case(self.name)

    @property
    def folder(self) -> str:
        """Where its files lie in the data-source bucket; empty, or ending in a slash."""
        return f"raw/{self.name}/" if self.prefix is None else self.prefix

    def table_name(self, bucket_name: str | None) -> str:
        """The table as Glue's crawler names it: the last folder crawled, else the bucket."""
        folder = self.folder.rstrip("/").rpartition("/")[2]
        return re.sub(r"[^a-z0-9]", "_", (folder or bucket_name or "").lower())

    def renames_for(self, file_name: str) -> dict[str, str]:
        """Old to new column names for one file; empty when no pattern matches."""
        return {
            old: new
            for rename in self.renames
            if fnmatchcase(file_name, rename.files)
            for old, new in rename.columns.items()
        }
