"""Makes one schema of many files': what the data set declares, and the rest by what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from rehearsal.data.kinds import common_type, is_number
from rehearsal.data.values import TYPES
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.dataset import Column, Dataset
    from rehearsal.data.files import DataFile
    from rehearsal.data.kinds import Kind
    from rehearsal.data.survey import Survey


def final_names(survey: Survey, dataset: Dataset) -> dict[str, str]:
    """A file's own headers to the names of the table's columns.

    Raises:
        DataError: two of them would become one.
    """
    renames = dataset.renames_for(survey.file.path.name)
    # Glue writes column names in lower case, so two that differ in case only would collide.
    names = {old: renames.get(old, old).strip().lower() for old in survey.kinds}
    taken = [*names.values(), *survey.file.partition]
    for name in taken:
        if taken.count(name) > 1:
            before = [old for old, new in names.items() if new == name]
            before += [f"the folder {name}=…/"] if name in survey.file.partition else []
            raise DataError(
                f"{survey.file.path}: has the column {name!r} {taken.count(name)} times after "
                f"renaming ({', '.join(before)}); drop one, or give one another name under "
                f"[[renames]] in datasets/{dataset.name}.toml"
            )
    return names


def require(columns: Mapping[DataFile, Sequence[str]], *, dataset: Dataset) -> None:
    """Refuse files that lack a column which the data set wants of them.

    Raises:
        DataError: with the file, the columns that are missing and those that are there.
    """
    place = f"datasets/{dataset.name}.toml"
    wanted = {
        name: column for name, column in dataset.columns.items() if name not in dataset.partitions
    }
    for file, names in columns.items():
        missing = [name for name in wanted if _is_wanted(wanted[name], "every", name, names)]
        if missing:
            raise DataError(
                f"{file.path}: lacks {', '.join(missing)}, of which {place} says that every file "
                f"brings it; it has {', '.join(names)}. {_remedy(place, 'some')}"
            )
    everywhere = {name for names in columns.values() for name in names}
    missing = [name for name in wanted if _is_wanted(wanted[name], "some", name, everywhere)]
    if missing:
        raise DataError(
            f"no file has {', '.join(missing)}, of which {place} says that some bring it; they "
            f"have {', '.join(sorted(everywhere))}. {_remedy(place, 'any')}"
        )


def _is_wanted(column: Column, files: str, name: str, names: Sequence[str] | set[str]) -> bool:
    return column.files == files and name not in names


def _remedy(place: str, files: str) -> str:
    return (
        f'Add the column, name it under [[renames]] in {place}, or set files = "{files}" for it '
        "there; files of other columns are a data set of their own: make new NAME=… DATA=folder"
    )


def unify(kinds: Mapping[str, Mapping[str, Kind]], *, dataset: Dataset) -> pa.Schema:
    """The union of the files' columns, in the order in which they are first seen.

    A declared column has its declared type. Else whole numbers in one file and fractions in
    another become fractions; a column that is empty in a file takes its type from the others;
    digits that a number would not keep are text everywhere.

    Args:
        kinds: By the file's name, its columns by their final names.
        dataset: What is declared.

    Raises:
        DataError: an undeclared column has types in two files that no common type holds.
    """
    types: dict[str, tuple[str, pa.DataType]] = {}
    codes = {name for file in kinds.values() for name, kind in file.items() if kind.is_code}
    for file, columns in kinds.items():
        for name, kind in columns.items():
            if name in dataset.columns:
                types[name] = (file, TYPES[dataset.columns[name].type])
                continue
            own = pa.string() if name in codes and is_number(kind.type) else kind.type
            first, known = types.setdefault(name, (file, own))
            common = common_type(known, own)
            if common is None:
                raise DataError(
                    f"column {name!r} is {known} in {first} but {own} in {file}; give it the same "
                    "type in both files, another name in one of them, or declare it in "
                    f"datasets/{dataset.name}.toml"
                )
            # The file that set the type is the one to name when a later file conflicts.
            types[name] = (first if common == known else file, common)
    return pa.schema([pa.field(name, _settled(kind)) for name, (_, kind) in types.items()])


def _settled(kind: pa.DataType) -> pa.DataType:
    """A column that is empty everywhere is text: Hive has no type for nothing."""
    return pa.string() if pa.types.is_null(kind) else kind
