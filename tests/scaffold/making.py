"""A folder of a user's files, and what `make new` makes of it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import Settings, load
from scaffold.command import main, make

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from config.dataset import Dataset


@dataclass(frozen=True)
class Scaffold:
    """A folder with a user's files in ``data``, and one to write into."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def into(self) -> Path:
        return self.folder / "made"

    def write(self, name: str, content: str) -> None:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content.encode()
        path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)

    def make(self, name: str = "mine", target: str | None = None) -> str:
        return make(name, str(self.data), target=target, into=self.into)

    def settings(self, name: str = "mine") -> Settings:
        return load(str(self.into / "config" / f"{name}.toml"))

    def dataset(self, name: str = "mine") -> Dataset:
        return self.settings(name).dataset(name)

    def roles(self) -> dict[str, str]:
        return {name: column.role for name, column in self.dataset().columns.items()}

    def types(self) -> dict[str, str]:
        return {name: column.type for name, column in self.dataset().columns.items()}

    def refusal(self, capsys: pytest.CaptureFixture[str], *options: str) -> str:
        """What the command says; it has written nothing."""
        before = sorted(self.into.rglob("*"))
        given = {"--name": "mine", "--data": str(self.data)}
        given |= dict(option.split("=", 1) for option in options)
        arguments = [f"{option}={value}" for option, value in given.items()]
        assert main([*arguments, f"--into={self.into}"]) == 2
        assert sorted(self.into.rglob("*")) == before
        captured = capsys.readouterr()
        assert captured.out == ""
        return captured.err
