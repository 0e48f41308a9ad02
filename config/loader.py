"""Reads a settings file; an error names the file, the key, the value and what is allowed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from config.settings import Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FOLDER = Path(__file__).parent


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
    try:
        with path.open("rb") as file:
            return Settings.model_validate(tomllib.load(file))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text, as TOML has to be: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        problems = "\n".join(f"{path}: {_explain(detail)}" for detail in error.errors())
        raise ConfigError(problems) from None


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
    key = ".".join(str(part) for part in detail["loc"]) or "(whole file)"
    if detail["type"] == "extra_forbidden":
        return f"{key}: unknown key; remove it or check its spelling"
    if detail["type"] == "missing":
        return f"{key}: missing, and has no default"
    if detail["type"] == "value_error":
        return f"{key}: {detail['msg'].removeprefix('Value error, ')}"
    return f"{key}: {detail['input']!r} is not allowed: {detail['msg']}"
