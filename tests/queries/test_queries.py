"""Promises of the query files: a whole header, one statement, Athena's grammar, the lab's names."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import pytest
import sqlglot
from sqlglot import exp

FOLDER = Path(__file__).resolve().parents[2] / "queries" / "catch"
FILES = sorted(FOLDER.glob("*.sql"))
HEADER = re.compile(r"^-- (name|kind|description): (.+)$", re.MULTILINE)
LAB_COLUMNS = {
    "value_pacific_wcs_catch": "ValuePacificWCSeasCatch",
    "value_all_high_seas_catch": "ValueAllHighSeasCatch",
    "value_open_seas_catch": "ValueOpenSeasCatch",
    "value_eez_catch": "ValueEEZCatch",
    "value_eez_and_open_seas_catch": "ValueEEZAndOpenSeasCatch",
    "challenge": "ValueAllHighSeasCatch",
}
VIEWS = {"challenge", "mackerels_catch", "mackerels_catch_as_in_the_lab", "mackerels_top_six"}

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def statements(file: Path) -> list[exp.Expr]:
    sql = Template(file.read_text()).substitute(table='"catch"')
    return [statement for statement in sqlglot.parse(sql, read="athena") if statement is not None]


def select(file: Path) -> exp.Select:
    (statement,) = statements(file)
    query = statement.find(exp.Select)
    assert query is not None
    return query


@every_file
def test_the_header_is_whole_and_bears_the_files_name(file: Path) -> None:
    header = dict(HEADER.findall(file.read_text()))
    assert header["name"] == file.stem
    assert header["kind"] in {"query", "view"}
    assert header["description"].endswith(".")


@every_file
def test_there_is_one_statement_in_athenas_grammar(file: Path) -> None:
    assert len(statements(file)) == 1


@every_file
def test_a_view_makes_itself_and_a_query_makes_nothing(file: Path) -> None:
    (statement,) = statements(file)
    if file.stem in VIEWS:
        assert isinstance(statement, exp.Create)
        assert statement.this.name == file.stem
        assert statement.args["replace"]
        assert "-- kind: view" in file.read_text()
    else:
        assert isinstance(statement, exp.Select)
        assert "-- kind: query" in file.read_text()


@every_file
def test_views_read_the_table_only_and_queries_may_read_views(file: Path) -> None:
    read = {table.name for table in select(file).find_all(exp.Table)}
    assert read <= ({"catch"} if file.stem in VIEWS else {"catch", *VIEWS})


@every_file
def test_a_query_has_an_order_so_that_its_answer_is_the_same_each_time(file: Path) -> None:
    if file.stem not in VIEWS:
        assert select(file).args.get("order") is not None


@pytest.mark.parametrize(("name", "column"), LAB_COLUMNS.items())
def test_the_value_queries_name_their_columns_as_the_lab_does(name: str, column: str) -> None:
    names = select(FOLDER / f"{name}.sql").named_selects
    assert names == ["year", "Country", column]


def test_the_corrected_view_does_not_group_by_what_it_sums() -> None:
    corrected = select(FOLDER / "mackerels_catch.sql").args["group"].sql()
    as_in_the_lab = select(FOLDER / "mackerels_catch_as_in_the_lab.sql").args["group"].sql()
    assert "tonnes" not in corrected
    assert as_in_the_lab == f"{corrected}, tonnes"
