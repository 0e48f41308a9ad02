"""A file of SQL: its header is complete, its tables exist, or the file is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import load
from config.loader import load_dataset
from config.query_file import QueryError, read_queries, refuse_namesakes
from config.query_tables import refuse_unknown_tables
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from config.dataset import Dataset

HEADER = "-- name: latest\n-- kind: query\n-- description: The last year.\n"
CATCH = load_dataset(ROOT / "datasets" / "catch.toml")


def tiny(folder: Path, sql: str | None, *, more: str = "") -> Dataset:
    """A data set with one query, or none."""
    (folder / "datasets").mkdir(exist_ok=True)
    (folder / "queries" / "tiny").mkdir(parents=True, exist_ok=True)
    if sql is not None:
        (folder / "queries" / "tiny" / "latest.sql").write_text(sql, encoding="utf-8")
    path = folder / "datasets" / "tiny.toml"
    column = 'a = { type = "whole", role = "number" }'
    path.write_text(f'title = "Tiny"\n{more}\n[columns]\n{column}\n', encoding="utf-8")
    return load_dataset(path)


def test_a_file_is_read_into_its_header_and_statement(tmp_path: Path) -> None:
    sql = f"{HEADER}-- expect: rows > 0\n-- expect: unique(a)\nSELECT 1"

    (query,) = read_queries(tiny(tmp_path, sql))

    assert (query.name, query.kind, query.description) == ("latest", "query", "The last year.")
    assert query.expectations == ("rows > 0", "unique(a)")
    assert query.statement == "SELECT 1"


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("-- name: latest\nSELECT 1", r"latest\.sql: the header lacks \['description', 'kind'\]"),
        (HEADER.replace("latest", "newest") + "SELECT 1", "'newest' should be 'latest'"),
        (HEADER.replace("kind: query", "kind: table") + "SELECT 1", "kind 'table' one of"),
        (HEADER + "-- expect: rows < 3\nSELECT 1", "cannot expect 'rows < 3'; allowed are"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(tmp_path: Path, sql: str, refusal: str) -> None:
    with pytest.raises(QueryError, match=refusal):
        read_queries(tiny(tmp_path, sql))


def test_a_data_set_without_sql_is_refused_unless_that_is_on_purpose(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"holds no \.sql file.*set queries = false in"):
        read_queries(tiny(tmp_path, None))

    assert read_queries(tiny(tmp_path, None, more="queries = false")) == []


def test_the_tables_are_put_in_quoted() -> None:
    over = {query.name: query.over({"table": "fish_2"}) for query in read_queries(CATCH)}

    assert {name for name, sql in over.items() if 'FROM "fish_2"' not in sql} == {
        name for name, sql in over.items() if "FROM mackerels_catch" in sql
    }
    assert 'FROM "fish_2"' in over["distinct_areas"]


def test_a_data_set_that_the_settings_do_not_list_is_refused(tmp_path: Path) -> None:
    (query,) = read_queries(tiny(tmp_path, f"{HEADER}TABLE ${{houses}}"))

    with pytest.raises(QueryError, match=r"latest\.sql: \$\{houses\} is the table of no data set"):
        query.over({"table": "tiny", "tiny": "tiny"})


def test_views_come_before_the_queries_that_read_them() -> None:
    kinds = [query.kind for query in read_queries(CATCH)]

    assert kinds == sorted(kinds, reverse=True)
    assert {"view", "query"} == set(kinds)


def test_two_queries_of_one_name_are_refused_with_both_files(tmp_path: Path) -> None:
    first = read_queries(tiny(tmp_path, HEADER + "SELECT 1"))
    (tmp_path / "other").mkdir()
    second = read_queries(tiny(tmp_path / "other", HEADER + "SELECT 2"))

    with pytest.raises(QueryError, match=r"tiny/latest\.sql and .*other/.* bear the same name"):
        refuse_namesakes([*first, *second])


SETTINGS = """name = "capstone-tiny"
region = "us-east-1"
data = "disposable"
datasets = ["datasets/tiny.toml"]
pipelines = {}

[tags]
project = "capstone"
"""


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("SELECT * FROM catch", "asks for the table 'catch', which no data set.*there are tiny"),
        ("SELECT 1 FROM ${table} JOIN tiny_2 USING (a)", "asks for the table 'tiny_2'"),
        ("SELECT 1 FROM (SELECT * FROM nowhere)", "asks for the table 'nowhere'"),
        ("SELEC 1", "is not SQL as Athena takes it"),
    ],
)
def test_a_query_of_a_table_that_nobody_makes_is_refused(
    tmp_path: Path, statement: str, refusal: str
) -> None:
    tiny(tmp_path, HEADER + statement)
    path = tmp_path / "mine.toml"
    path.write_text(SETTINGS, encoding="utf-8")

    with pytest.raises(QueryError, match=rf"latest\.sql: {refusal}"):
        refuse_unknown_tables(load(str(path)))


@pytest.mark.parametrize(
    "statement",
    [
        "WITH newest AS (SELECT max(a) AS a FROM ${table}) SELECT * FROM newest",
        "SELECT extract(year FROM d) FROM ${tiny} CROSS JOIN UNNEST(ARRAY[1]) AS t (d)",
        "SELECT * FROM information_schema.tables",
    ],
)
def test_tables_of_its_own_are_taken(tmp_path: Path, statement: str) -> None:
    tiny(tmp_path, HEADER + statement)
    path = tmp_path / "mine.toml"
    path.write_text(SETTINGS, encoding="utf-8")

    settings = load(str(path))

    refuse_unknown_tables(settings)
    assert settings.has_sql


@pytest.mark.parametrize("config", ["dev", "academy", "tests/configs/plural.toml"])
def test_the_shipped_queries_ask_for_tables_that_there_are(config: str) -> None:
    settings = load(config)

    refuse_unknown_tables(settings)

    assert [query for dataset in settings.datasets for query in read_queries(dataset)]
