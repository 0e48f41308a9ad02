"""Finds the files of a configuration and of its data sets, and reads them into models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.dataset import Dataset
from config.errors import ConfigError, read_toml, refusal
from config.settings import Settings

FOLDER = Path(__file__).parent
DATASETS = FOLDER.parent / "datasets"


def shipped() -> list[str]:
    """The names of the configurations that come with the project."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name_or_path: str) -> Settings:
    """Read a configuration by its name (``dev``) or by the path of a TOML file.

    Raises:
        ConfigError: with every problem of the file, one a line.
    """
    path = _find(name_or_path)
    table = read_toml(path)
    names = table.get("datasets")
    if isinstance(names, list):
        table["datasets"] = [_dataset(name, path) for name in names]
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise refusal(path, error) from None


def load_dataset(path: Path) -> Dataset:
    """Read the file of a data set, ``…/datasets/NAME.toml``.

    Raises:
        ConfigError: with every problem of the file, one a line.
    """
    table = read_toml(path)
    own = sorted({"name", "home"} & table.keys())
    if own:
        raise ConfigError(f"{path}: {own[0]}: follows from the path of the file; remove it")
    try:
        return Dataset.model_validate(
            {**table, "name": path.stem, "home": path.resolve().parent.parent}
        )
    except ValidationError as error:
        raise refusal(path, error) from None


def _dataset(name: Any, settings: Path) -> Dataset:
    """A data set as a settings file names it: a file of ``datasets/``, or the path of another."""
    if isinstance(name, str) and name.endswith(".toml"):
        return load_dataset(settings.parent / name)
    known = sorted(file.stem for file in DATASETS.glob("*.toml"))
    if name not in known:
        raise ConfigError(
            f"{settings}: datasets: {name!r} is neither a file of datasets/ ({', '.join(known)}) "
            "nor the path of a .toml file; make one of files of your own: "
            "make new NAME=… DATA=folder"
        )
    return load_dataset(DATASETS / f"{name}.toml")


def _find(name_or_path: str) -> Path:
    if name_or_path in shipped():
        return FOLDER / f"{name_or_path}.toml"
    path = Path(name_or_path)
    try:
        if path.suffix == ".toml" and path.is_file():
            return path
    except OSError as error:
        raise ConfigError(f"CONFIG={name_or_path!r}: {error.strerror}") from None
    allowed = ", ".join(shipped())
    raise ConfigError(
        f"CONFIG={name_or_path!r} is neither a configuration that is shipped ({allowed}) "
        "nor the path of a .toml file"
    )
