"""Looks at the user's files: their columns and types, and figures of what they hold."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Literal

import duckdb
import pyarrow as pa

from config.dataset import Column, Dataset, Rename
from rehearsal.data.files import data_files, partitions_of
from rehearsal.data.kinds import CSV_READINGS, Kind, TextColumn
from rehearsal.data.prepare import prepare
from rehearsal.data.survey import survey
from scaffold.errors import ScaffoldError
from scaffold.names import column_names
from scaffold.types import merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.dataset import Type
    from rehearsal.data.files import DataFile
    from rehearsal.data.prepare import PreparedData
    from rehearsal.data.survey import Survey

AT_ONCE: Final = 50
"""Of so many columns DuckDB counts the distinct values in one pass."""
SQL_TYPES: Final = {
    "whole": "BIGINT",
    "fraction": "DOUBLE",
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
"""The declared types in SQL, in DuckDB's and in Athena's."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the values of a column are."""

    values: int
    distinct: int
    smallest: Any
    largest: Any
    longest: int
    """The characters of the longest value, as text."""
    example: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A column of the files."""

    header: str
    name: str
    type: Type
    files: Literal["every", "some"]
    is_partition: bool
    trouble: str
    """Why its type is not what it might have been, or nothing."""
    is_code: bool
    """Whether it is text of digits, such as 007."""
    is_list: bool
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A folder of files, looked at."""

    name: str
    folder: Path
    prepared: PreparedData
    columns: tuple[Found, ...]
    renames: dict[str, str]
    """The file's own header to its column, where the two differ in more than capitals."""
    connection: duckdb.DuckDBPyConnection
    """It has the rows as the view ``NAME_files``, as reference SQL reads them."""

    @property
    def partitions(self) -> tuple[str, ...]:
        """The columns that are folders."""
        return self.prepared.partitions

    @property
    def rows(self) -> int:
        """All rows."""
        return self.prepared.rows


@contextmanager
def looked_at(folder: Path, *, name: str) -> Iterator[Looked]:
    """Read a folder's files, and hold their rows ready for SQL.

    Raises:
        DataError: the files cannot be taken.
        ScaffoldError: a folder of a partition has a name that no column can have.
    """
    files = data_files(folder, partitions=None).files
    surveys = [survey(file) for file in files]
    partitions = partitions_of(files[0]) or ()
    names = column_names([[*partitions, *each.kinds] for each in surveys])
    for partition in partitions:
        if names[partition] != partition:
            raise ScaffoldError(
                f"DATA={folder}: the folders {partition}=…/ name a column that Athena does not "
                f"take; rename them to {names[partition]}=…/"
            )
    kinds = _kinds_by_column(names, surveys)
    kinds |= {column: [_kind_of_values(column, files)] * len(files) for column in partitions}
    draft = _draft(name, kinds, partitions, renames=_renames(names), files=len(files))
    with TemporaryDirectory(prefix="make-new-") as temporary, duckdb.connect() as connection:
        prepared = prepare(folder, dataset=draft, into=Path(temporary) / "prepared")
        connection.execute(_view(draft, prepared))
        figures = _figures(connection, draft)
        yield Looked(
            name=name,
            folder=folder,
            prepared=prepared,
            columns=tuple(_found(names, kinds, draft, figures)),
            renames=_renames(names),
            connection=connection,
        )


def _found(
    names: dict[str, str],
    kinds: dict[str, list[Kind]],
    draft: Dataset,
    figures: dict[str, Figures],
) -> Iterator[Found]:
    headers = {column: header for header, column in reversed(names.items())}
    for column, found in kinds.items():
        yield Found(
            header=headers[column],
            name=column,
            type=draft.columns[column].type,
            files="every" if draft.columns[column].files == "every" else "some",
            is_partition=column in draft.partitions,
            trouble=merged(found)[1],
            is_code=any(kind.is_code for kind in found),
            is_list=any(pa.types.is_nested(kind.type) for kind in found),
            figures=figures[column],
        )


def _kinds_by_column(names: dict[str, str], surveys: Sequence[Survey]) -> dict[str, list[Kind]]:
    """What each file that has a column has in it, in the order of the headers."""
    kinds: dict[str, list[Kind]] = {column: [] for column in names.values()}
    for each in surveys:
        for header, kind in each.kinds.items():
            kinds[names[header]].append(kind)
    return kinds


def _kind_of_values(column: str, files: Sequence[DataFile]) -> Kind:
    """What the values of a partition are."""
    text = TextColumn(CSV_READINGS)
    text.see(pa.array([file.partition[column] for file in files], pa.string()))
    return text.kind


def _renames(names: dict[str, str]) -> dict[str, str]:
    return {header: name for header, name in names.items() if header.strip().lower() != name}


def _draft(
    name: str,
    kinds: dict[str, list[Kind]],
    partitions: tuple[str, ...],
    *,
    renames: dict[str, str],
    files: int,
) -> Dataset:
    """The columns with their types, and no role yet."""
    return Dataset(
        name=name,
        home=Path(),
        title=name,
        partitions=partitions,
        columns={
            column: Column(
                type=merged(found)[0],
                role="ignored",
                files="every" if len(found) == files else "some",
            )
            for column, found in kinds.items()
        },
        renames=(Rename(columns=renames),) if renames else (),
    )


def _view(draft: Dataset, prepared: PreparedData) -> str:
    files = ", ".join(_quoted(str(file.parquet)) for file in prepared.files)
    columns = ", ".join(
        f'CAST("{name}" AS {SQL_TYPES[column.type]}) AS "{name}"'
        for name, column in draft.columns.items()
    )
    hive = "hive_partitioning = true, hive_types_autocast = false, " if draft.partitions else ""
    return (
        f"CREATE VIEW {draft.name}_files AS SELECT {columns} "  # noqa: S608 - names that were checked
        f"FROM read_parquet([{files}], {hive}union_by_name = true)"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _figures(connection: duckdb.DuckDBPyConnection, draft: Dataset) -> dict[str, Figures]:
    names = list(draft.columns)
    figures = {}
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        asked = ", ".join(
            f'count("{name}"), count(DISTINCT "{name}"), min("{name}"), max("{name}"), '
            f'max(length(CAST("{name}" AS VARCHAR))), CAST(any_value("{name}") AS VARCHAR)'
            for name in part
        )
        row = connection.execute(f"SELECT {asked} FROM {draft.name}_files").fetchone()  # noqa: S608 - ditto
        assert row is not None  # noqa: S101 - aggregates always answer one row
        for place, name in enumerate(part):
            values, distinct, smallest, largest, longest, example = row[place * 6 : place * 6 + 6]
            figures[name] = Figures(
                values=values,
                distinct=distinct,
                smallest=smallest,
                largest=largest,
                longest=longest or 0,
                example=example or "",
            )
    return figures
