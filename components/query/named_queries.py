"""Reads ``queries/*.sql``: a header of three lines, then one statement of Athena SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal, cast

FOLDER = Path(__file__).parents[2] / "queries"
HEADER = re.compile(r"^-- (name|kind|description): (.+)$", re.MULTILINE)
KINDS = ("query", "view")


@dataclass(frozen=True)
class NamedQuery:
    """One file of the folder."""

    name: str
    kind: Literal["query", "view"]
    description: str
    statement: str
    """The SQL, in which ``${table}`` stands for the crawled table."""

    def over(self, table: str) -> str:
        """The SQL over a table, quoted as Athena wants identifiers in queries."""
        return Template(self.statement).substitute(table=f'"{table}"')


def read(path: Path) -> NamedQuery:
    """Read one file.

    Raises:
        ValueError: when the header is not complete, or the name is not the file's.
    """
    text = path.read_text(encoding="utf-8")
    header = dict(HEADER.findall(text))
    missing = {"name", "kind", "description"} - header.keys()
    if missing:
        raise ValueError(f"{path}: the header lacks {sorted(missing)}; start with '-- name: …'")
    if header["name"] != path.stem or header["kind"] not in KINDS:
        raise ValueError(
            f"{path}: name {header['name']!r} should be {path.stem!r}, "
            f"and kind {header['kind']!r} one of {KINDS}"
        )
    return NamedQuery(
        name=header["name"],
        kind=cast("Literal['query', 'view']", header["kind"]),
        description=header["description"],
        statement=HEADER.sub("", text).strip(),
    )


def read_all(folder: Path = FOLDER) -> list[NamedQuery]:
    """Every query of the folder: views first, for queries may read them; then by name."""
    queries = [read(path) for path in folder.glob("*.sql")]
    return sorted(queries, key=lambda query: (query.kind != "view", query.name))
