"""The data set: where it lies, which columns it must bring, and what to rename on the way in."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class Rename(BaseModel):
    """Columns to rename in the files that a pattern matches, before they are uploaded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: str = Field(min_length=1)
    """A shell pattern over the file's name, such as ``*EEZ*``."""
    columns: dict[str, str] = Field(min_length=1)
    """Old name to new name."""


class Dataset(BaseModel):
    """One table's worth of files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: str = Field(pattern=r"^$|^([a-z0-9_-]+/)+$")
    """The folder in the data-source bucket, ending in a slash; empty for the bucket's root."""
    required_columns: tuple[str, ...] = Field(min_length=1)
    """Columns that at least one file must bring, after renaming."""
    number_columns: tuple[str, ...] = ("year", "tonnes", "landed_value")
    """Columns that queries and model calculate with; a file that holds text there is refused."""
    renames: tuple[Rename, ...] = ()

    def renames_for(self, file_name: str) -> dict[str, str]:
        """Old to new column names for one file; empty when no pattern matches."""
        return {
            old: new
            for rename in self.renames
            if fnmatchcase(file_name, rename.files)
            for old, new in rename.columns.items()
        }
