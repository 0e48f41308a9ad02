"""Turns a folder of CSV, JSON and Parquet files into the Parquet files that are uploaded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from rehearsal.data.files import data_files
from rehearsal.data.formats.read import read_batches
from rehearsal.data.schema import final_names, require, unify
from rehearsal.data.survey import survey
from rehearsal.data.values import TYPES, Misfit, fitted
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.dataset import Dataset
    from rehearsal.data.files import DataFile
    from rehearsal.data.formats.batch import Batch
    from rehearsal.data.survey import Survey


@dataclass(frozen=True, kw_only=True)
class PreparedFile:
    """A file as its owner gave it, and the Parquet file made of it."""

    source: Path
    kind: Literal["csv", "json", "parquet"]
    compressed: bool
    """Whether the source is packed by gzip."""
    headers: tuple[str, ...]
    """The source's own headers in their order, one for each of ``columns``; ``old#2`` is the
    second of the name ``old``, ``outer.inner`` a value inside an object."""
    renames: Mapping[str, str]
    """Old to new column names, as the data set declares them; only those that the file has."""
    partition: Mapping[str, str | None]
    """The columns that its folders give, each with the text of its value."""
    parquet: Path
    key: str
    """Where the Parquet file lies below the folder of all: partitions as folders, and its name."""
    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PreparedData:
    """What is uploaded: files of one schema, columns in the order in which they are first seen."""

    files: tuple[PreparedFile, ...]
    columns: tuple[str, ...]
    """The columns of the files; those of the partitions are not in them."""
    partitions: tuple[str, ...]
    undeclared: tuple[str, ...]
    """The columns that the data set does not name; they are kept as they are."""
    left_out: tuple[Path, ...]
    """What lies in the folder and was not read; relative to it."""

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(file.rows for file in self.files)


def prepare(folder: Path, *, dataset: Dataset, into: Path) -> PreparedData:
    """Read every data file, rename what the data set says, and write one Parquet file for each.

    Each file is read twice, in batches: what its columns hold, then their values.

    Raises:
        DataError: the data cannot be taken as it is; nothing has been written then.
    """
    contents = data_files(folder, partitions=dataset.partitions)
    surveys = [survey(file) for file in contents.files]
    names = {each.file: final_names(each, dataset) for each in surveys}
    require({file: list(new.values()) for file, new in names.items()}, dataset=dataset)
    for file in contents.files:
        _refuse_other_values(file, dataset)
    schema = unify(
        {
            each.file.name: {names[each.file][old]: kind for old, kind in each.kinds.items()}
            for each in surveys
        },
        dataset=dataset,
    )
    with _staged(into) as stage:
        files = tuple(
            _write(each, names[each.file], schema=schema, dataset=dataset, into=stage, final=into)
            for each in surveys
        )
    return PreparedData(
        files=files,
        columns=tuple(schema.names),
        partitions=dataset.partitions,
        undeclared=tuple(name for name in schema.names if name not in dataset.columns),
        left_out=tuple(contents.left_out),
    )


@contextmanager
def _staged(into: Path) -> Iterator[Path]:
    """A folder whose files move to another once all are written."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=into.parent, prefix=".prepared-") as temporary:
        stage = Path(temporary)
        yield stage
        into.mkdir(exist_ok=True)
        for file in sorted(stage.rglob("*.parquet")):
            target = into / file.relative_to(stage)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)


def _refuse_other_values(file: DataFile, dataset: Dataset) -> None:
    """A partition's value is of the type that is declared for its column."""
    for name, value in file.partition.items():
        column = dataset.columns.get(name)
        try:
            fitted(pa.array([value]), TYPES[column.type if column else "text"], declared=True)
        except Misfit as misfit:
            raise DataError(misfit.sentence(str(file.path.parent), name, 1)) from None


def _write(
    source: Survey,
    names: Mapping[str, str],
    *,
    schema: pa.Schema,
    dataset: Dataset,
    into: Path,
    final: Path,
) -> PreparedFile:
    file = source.file
    target = into / file.key
    target.parent.mkdir(parents=True, exist_ok=True)
    own = pa.schema([schema.field(names[old]) for old in source.kinds])
    with pq.ParquetWriter(target, own) as writer:
        row = 1
        for batch in read_batches(file):
            rows = len(next(iter(batch.values()), ()))
            arrays = [
                _column(file, batch, old, own.field(place), dataset=dataset, row=row, rows=rows)
                for place, old in enumerate(source.kinds)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=own))
            row += rows
    renames = dataset.renames_for(file.path.name)
    return PreparedFile(
        source=file.path,
        kind=file.kind,
        compressed=file.compressed,
        headers=tuple(source.kinds),
        renames={old: new for old, new in renames.items() if old in source.kinds},
        partition=file.partition,
        parquet=final / file.key,
        key=file.key,
        rows=source.rows,
        columns=tuple(own.names),
    )


def _column(
    file: DataFile,
    batch: Batch,
    old: str,
    field: pa.Field,
    *,
    dataset: Dataset,
    row: int,
    rows: int,
) -> pa.Array:
    """The values of one column of a batch whose first row has the number ``row``."""
    if old not in batch:
        return pa.nulls(rows, field.type)
    try:
        return fitted(batch[old], field.type, declared=field.name in dataset.columns)
    except Misfit as misfit:
        raise DataError(misfit.sentence(str(file.path), field.name, row + misfit.index)) from None
