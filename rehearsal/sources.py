"""Where the files of each data set lie: in the user's folder, or nowhere yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.data.files import suffix_of
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.dataset import Dataset


def folders_of(data: Path | None, datasets: Sequence[Dataset]) -> dict[str, Path]:
    """The folder with the files of each data set, by its name; one without files is absent.

    Args:
        data: The folder itself for a single data set; for several, the folder that has a
            sub-folder for each, named after it. None where the user gives no files.
        datasets: The data sets of the settings.

    Raises:
        DataError: there is no data set, or something in the folder belongs to none.
    """
    if data is None:
        return {}
    if not datasets:
        raise DataError(
            f"DATA={data}: the settings have no data set (datasets = []); list one there, or "
            "leave DATA out"
        )
    if len(datasets) == 1:
        return {datasets[0].name: data}
    names = [dataset.name for dataset in datasets]
    folders = _sub_folders(data, names)
    unknown = sorted(folders.keys() - set(names))
    if unknown:
        raise DataError(
            f"DATA={data}: the folder {unknown[0]} is named after no data set; there are "
            f"{', '.join(names)}; rename it, or list the data set in the settings"
        )
    return folders


def _sub_folders(data: Path, names: Sequence[str]) -> dict[str, Path]:
    if not data.is_dir():
        reason = "is a file" if data.exists() else "no such folder"
        raise DataError(f"DATA={data}: {reason}; give the folder that holds {', '.join(names)}")
    visible = sorted(entry for entry in data.iterdir() if not entry.name.startswith("."))
    for entry in visible:
        if entry.is_file() and suffix_of(entry):
            raise DataError(
                f"{entry}: lies beside the data sets; the settings have several, so move it "
                f"into a folder named after its own: {', '.join(names)}"
            )
    folders = {entry.name: entry for entry in visible if entry.is_dir()}
    if not folders:
        raise DataError(
            f"DATA={data}: holds no folder; the settings have several data sets, so make one "
            f"for each that you have files of: {', '.join(names)}"
        )
    return folders


def refuse_without_files(dataset: Dataset, data: Path | None) -> DataError:
    """What to say of a data set that has neither files nor a generator."""
    own = dataset.home / "datasets" / f"{dataset.name}.py"
    place = data / dataset.name if data else "folder"
    return DataError(
        f"the data set {dataset.name!r} has no files and no look-alike: give its files with "
        f"DATA={place}, or write {own} with a function write_synthetic(folder)"
    )
