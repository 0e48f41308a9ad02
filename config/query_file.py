"""The SQL of a data set: ``queries/NAME/*.sql``, a header and one statement of Athena SQL each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Final, Literal, cast

from config.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from config.dataset import Dataset

HEADER: Final = re.compile(r"^-- (name|kind|description|expect): (.+)$", re.MULTILINE)
NEEDED: Final = frozenset({"name", "kind", "description"})
KINDS: Final = ("query", "view")
EXPECTATION: Final = re.compile(
    r"rows (?:>|=) \d+|(?:unique|not_null)\([a-z_]\w*(?:, ?[a-z_]\w*)*\)", re.IGNORECASE
)


class QueryError(ConfigError):
    """A file of SQL that cannot be deployed; the message names it."""


@dataclass(frozen=True, kw_only=True)
class NamedQuery:
    """One file of SQL."""

    path: Path
    name: str
    kind: Literal["query", "view"]
    description: str
    expectations: tuple[str, ...]
    """What its answer must be: ``rows > 0``, ``rows = 12``, ``unique(a, b)``, ``not_null(a)``."""
    statement: str
    """The SQL, in which ``${table}`` stands for the data set's table, and ``${NAME}`` for that
    of the data set ``NAME``."""

    def over(self, tables: Mapping[str, str]) -> str:
        """The SQL over tables, quoted as Athena wants identifiers in queries.

        Args:
            tables: The names that the statement may use, each with its table in the catalog.

        Raises:
            QueryError: it uses another name.
        """
        quoted = {name: f'"{table}"' for name, table in tables.items()}
        try:
            return Template(self.statement).substitute(quoted)
        except KeyError as error:
            raise QueryError(
                f"{self.path}: ${{{error.args[0]}}} is the table of no data set of the settings; "
                f"allowed are {', '.join(f'${{{name}}}' for name in tables)}"
            ) from None
        except ValueError as error:
            raise QueryError(
                f"{self.path}: {error}; write $$ for a dollar sign that begins no ${{name}}"
            ) from None


def folder_of(dataset: Dataset) -> Path:
    """Where the SQL of a data set lies."""
    return dataset.home / "queries" / dataset.name


def read_queries(dataset: Dataset) -> list[NamedQuery]:
    """Every query of a data set: views first, for queries may read them; then by name.

    Raises:
        QueryError: a file's header is not complete, or there is no file.
    """
    folder = folder_of(dataset)
    paths = sorted(folder.glob("*.sql"))
    if not paths and dataset.queries:
        raise QueryError(
            f"{folder}: holds no .sql file, so nothing would ask the data set {dataset.name!r}; "
            f"write one, or set queries = false in {dataset.home}/datasets/{dataset.name}.toml"
        )
    queries = [_read(path) for path in paths] if dataset.queries else []
    return sorted(queries, key=lambda query: (query.kind != "view", query.name))


def queries_of(datasets: Iterable[Dataset]) -> list[tuple[Dataset, NamedQuery]]:
    """Every query of a platform, each with its data set.

    Raises:
        QueryError: a file's header is not complete, there is no file, or two bear one name.
    """
    queries = [(dataset, query) for dataset in datasets for query in read_queries(dataset)]
    refuse_namesakes(query for _, query in queries)
    return queries


def refuse_namesakes(queries: Iterable[NamedQuery]) -> None:
    """Refuse two files of one name: all views of a platform lie in one database.

    Raises:
        QueryError: it names both.
    """
    seen: dict[str, NamedQuery] = {}
    for query in queries:
        other = seen.setdefault(query.name, query)
        if other is not query:
            raise QueryError(
                f"{other.path} and {query.path} bear the same name, and their data sets share "
                "a workgroup and a database; rename one"
            )


def _read(path: Path) -> NamedQuery:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{path}: is not UTF-8 text: {error}; save it as UTF-8") from None
    lines = HEADER.findall(text)
    header = dict(lines)
    missing = NEEDED - header.keys()
    if missing:
        raise QueryError(f"{path}: the header lacks {sorted(missing)}; start with '-- name: …'")
    if header["name"] != path.stem or header["kind"] not in KINDS:
        raise QueryError(
            f"{path}: name {header['name']!r} should be {path.stem!r}, "
            f"and kind {header['kind']!r} one of {KINDS}"
        )
    expectations = tuple(value.strip() for key, value in lines if key == "expect")
    for expectation in expectations:
        if EXPECTATION.fullmatch(expectation) is None:
            raise QueryError(
                f"{path}: cannot expect {expectation!r}; allowed are rows > N, rows = N, "
                "unique(column, …) and not_null(column, …)"
            )
    return NamedQuery(
        path=path,
        name=header["name"],
        kind=cast("Literal['query', 'view']", header["kind"]),
        description=header["description"],
        expectations=expectations,
        statement=HEADER.sub("", text).strip(),
    )
