"""Finds the generator of a data set: a Python file beside it that writes a look-alike."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, cast

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.dataset import Dataset


def generator_of(dataset: Dataset) -> Callable[[Path], Path] | None:
    """``write_synthetic`` of ``datasets/NAME.py``: it writes files into a folder and returns it.

    Returns:
        The function, or None where the data set has no such file.

    Raises:
        DataError: the file has no function of that name.
    """
    path = dataset.home / "datasets" / f"{dataset.name}.py"
    if not path.is_file():
        return None
    specification = spec_from_file_location(f"datasets.{dataset.name}", path)
    if specification is None or specification.loader is None:
        raise DataError(f"{path}: is no Python file that can be imported")
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    function = getattr(module, "write_synthetic", None)
    if not callable(function):
        raise DataError(f"{path}: has no function write_synthetic(folder) -> Path; write one")
    return cast("Callable[[Path], Path]", function)
