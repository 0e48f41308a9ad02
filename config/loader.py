"""Reads a settings file; an error names the file, the key, the value and what is allowed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from config.dataset import Dataset
from config.settings import Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FOLDER = Path(__file__).parent
DATASETS = FOLDER.parent / "datasets"
ON_PURPOSE = {
    "datasets": "list the files of datasets/ by name, or write datasets = [] for none on purpose",
    "pipelines": "add a table [pipelines.NAME], or write pipelines = {} for none on purpose",
}
"""What may be empty, but not by accident."""


class ConfigError(Exception):
    """A settings file that is missing, unreadable or refused."""


def shipped() -> list[str]:
    """The names of the configurations that come with the project."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name_or_path: str) -> Settings:
    """Read a configuration by its name (``dev``) or by the path of a TOML file.

    Raises:
        ConfigError: with every problem of the file, one a line.
    """
    path = _find(name_or_path)
    table = _read(path)
    names = table.get("datasets")
    if isinstance(names, list):
        table["datasets"] = [_dataset(name, path) for name in names]
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise _refusal(path, error) from None


def load_dataset(path: Path) -> Dataset:
    """Read the file of a data set, ``…/datasets/NAME.toml``.

    Raises:
        ConfigError: with every problem of the file, one a line.
    """
    table = _read(path)
    own = sorted({"name", "home"} & table.keys())
    if own:
        raise ConfigError(f"{path}: {own[0]}: follows from the path of the file; remove it")
    try:
        return Dataset.model_validate(
            {**table, "name": path.stem, "home": path.resolve().parent.parent}
        )
    except ValidationError as error:
        raise _refusal(path, error) from None


def _dataset(name: Any, settings: Path) -> Dataset:
    """A data set as a settings file names it: a file of ``datasets/``, or the path of another."""
    if isinstance(name, str) and name.endswith(".toml"):
        return load_dataset(settings.parent / name)
    known = sorted(file.stem for file in DATASETS.glob("*.toml"))
    if name not in known:
        raise ConfigError(
            f"{settings}: datasets: {name!r} is neither a file of datasets/ "
            f"({', '.join(known)}) nor the path of a .toml file; make one of your own files with "
            "make new NAME=… DATA=folder"
        )
    return load_dataset(DATASETS / f"{name}.toml")


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text, as TOML has to be: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def _refusal(path: Path, error: ValidationError) -> ConfigError:
    return ConfigError("\n".join(f"{path}: {_explain(detail)}" for detail in error.errors()))


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


def _explain(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"] if part != "[key]") or "(whole file)"
    if detail["type"] == "extra_forbidden":
        return f"{key}: unknown key; remove it or check its spelling"
    if detail["type"] == "missing":
        return f"{key}: missing, and has no default; {ON_PURPOSE.get(key, 'add it')}"
    if detail["type"] == "value_error":
        reason = detail["msg"].removeprefix("Value error, ")
        return f"{key}: {reason}" if detail["loc"] else reason
    return f"{key}: {detail['input']!r} is not allowed: {detail['msg']}"
