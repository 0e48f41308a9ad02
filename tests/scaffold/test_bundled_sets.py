"""Promises of `make new` on sets that everybody knows, and on sets of every kind of file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from sklearn import datasets

from config.dashboard_file import read_dashboard
from config.query_file import NamedQuery, read_queries
from rehearsal.data.prepare import PreparedData, prepare

if TYPE_CHECKING:
    from config.dataset import Dataset
    from tests.scaffold.making import Scaffold

UGLY = (
    'Order,Größe (m²),Ärger.Grund,Select,Preis,Preis,123,価格,Gruppe,"a,b"\n'
    + "\n".join(f"{n},{n}.5,x{n % 3},{n % 2},{n},{n * 2},{n % 7}.5,{n % 5},g{n % 4},z"
                for n in range(120))
    + "\n"
)  # fmt: skip


def bundled(scaffold: Scaffold, name: str) -> str:
    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    scaffold.write(f"{name}.csv", frame.to_csv(index=False))
    return scaffold.make(target="target")


def nested(scaffold: Scaffold) -> str:
    lines = (
        json.dumps({
            "id": f"h{n}",
            "at": {"zip": f"0{n % 9}123", "geo": {"lat": 1.5 + n}},
            "rooms": n % 4,
            "garden": n % 3 == 0,
            "tags": ["a", n],
            "sold": f"20{10 + n % 5}-0{1 + n % 8}-15T10:00:00Z",
            "price": None if n % 10 == 0 else 1000.5 * n,
        })
        for n in range(200)
    )  # fmt: skip
    scaffold.write("homes.jsonl.gz", "\n".join(lines) + "\n")
    return scaffold.make(target="price")


def partitioned(scaffold: Scaffold) -> str:
    for year in (2001, 2002, 2003, 2004):
        folder = scaffold.data / f"year={year}" / "zone=a b"
        folder.mkdir(parents=True)
        days = pa.array([f"{year}-01-{1 + n % 28:02}" for n in range(50)]).cast(pa.date32())
        table = pa.table(
            {"day": days, "tonnes": [n / 4 for n in range(50)], "kind": ["x", "y"] * 25}
        )
        pq.write_table(table, folder / "part.parquet")
    return scaffold.make(target="tonnes")


def ugly(scaffold: Scaffold) -> str:
    scaffold.write("ugly.csv", UGLY)
    return scaffold.make(target="Größe (m²)")


SETS = {
    "iris": lambda scaffold: bundled(scaffold, "iris"),
    "wine": lambda scaffold: bundled(scaffold, "wine"),
    "breast_cancer": lambda scaffold: bundled(scaffold, "breast_cancer"),
    "diabetes": lambda scaffold: bundled(scaffold, "diabetes"),
    "nested": nested,
    "partitioned": partitioned,
    "ugly": ugly,
}


@pytest.fixture(params=SETS)
def made(request: pytest.FixtureRequest, scaffold: Scaffold) -> Scaffold:
    SETS[request.param](scaffold)
    return scaffold


def view(scaffold: Scaffold, dataset: Dataset) -> tuple[duckdb.DuckDBPyConnection, PreparedData]:
    """DuckDB over the prepared files; the values of partitions are text, as a crawler has them."""
    prepared = prepare(scaffold.data, dataset=dataset, into=scaffold.folder / "prepared")
    connection = duckdb.connect()
    connection.read_parquet(
        [str(file.parquet) for file in prepared.files], hive_partitioning=True, union_by_name=True
    ).create_view("mine_files")
    return connection, prepared


def in_duckdb(query: NamedQuery) -> str:
    """Athena's SQL as DuckDB's: the SELECT alone."""
    statement = query.statement.replace("${table}", "mine_files")
    if query.kind == "view":
        statement = statement.partition(" AS\n")[2]
    return str(sqlglot.transpile(statement, read="trino", write="duckdb")[0])


def test_the_configuration_loads_with_its_data_set_and_pipeline(made: Scaffold) -> None:
    settings = made.settings()
    (pipeline,) = settings.pipelines.values()
    assert settings.learning(pipeline).target == made.dataset().target
    assert settings.database_name == "mine"


def test_the_files_are_taken_by_the_declaration_that_was_made_of_them(made: Scaffold) -> None:
    _, prepared = view(made, made.dataset())
    assert prepared.rows > 0
    assert prepared.undeclared == ()
    assert {*prepared.columns, *prepared.partitions} == made.dataset().columns.keys()


def test_every_query_answers_what_its_reference_answers(made: Scaffold) -> None:
    connection, _ = view(made, made.dataset())
    queries = read_queries(made.dataset())
    assert len(queries) > 1
    for query in queries:
        reference = query.path.parent / "reference" / query.path.name
        expected = connection.execute(reference.read_text()).fetchall()
        answer = connection.execute(in_duckdb(query)).fetchall()
        assert sorted(answer, key=repr) == sorted(expected, key=repr)


def test_every_expectation_holds_for_the_files(made: Scaffold) -> None:
    connection, _ = view(made, made.dataset())
    queries = read_queries(made.dataset())
    assert {query.kind for query in queries} == {"query", "view"}
    for query in queries:
        answer = connection.sql(in_duckdb(query)).to_arrow_table()
        assert f"rows = {answer.num_rows}" in query.expectations
        for name in columns_of(query, "unique"):
            assert len(set(answer[name].to_pylist())) == answer.num_rows
        for name in columns_of(query, "not_null"):
            assert answer[name].null_count == 0


def columns_of(query: NamedQuery, kind: str) -> list[str]:
    """The columns of which a query expects something."""
    texts = [text for text in query.expectations if text.startswith(f"{kind}(")]
    return [name for text in texts for name in text[len(kind) + 1 : -1].split(", ")]


def test_the_dashboard_draws_the_columns_that_the_views_have(made: Scaffold) -> None:
    connection, _ = view(made, made.dataset())
    dashboard = read_dashboard(made.dataset())
    assert dashboard is not None
    views = {query.name: query for query in read_queries(made.dataset()) if query.kind == "view"}
    assert dashboard.views.keys() == views.keys()
    columns = {
        name: connection.sql(in_duckdb(query)).to_arrow_table().column_names
        for name, query in views.items()
    }
    assert columns == {name: list(drawn.columns) for name, drawn in dashboard.views.items()}
    assert {visual.view for visual in dashboard.visuals} == views.keys()


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("iris", "classification"),
        ("wine", "classification"),
        ("breast_cancer", "classification"),
        ("diabetes", "regression"),
    ],
)
def test_the_task_of_a_known_set_is_guessed(scaffold: Scaffold, name: str, task: str) -> None:
    text = bundled(scaffold, name)
    (pipeline,) = scaffold.settings().pipelines.values()
    assert scaffold.settings().learning(pipeline).task == task
    assert ("taken as kinds to tell apart" in text) is (task == "classification")


def test_objects_and_lists_of_json_become_columns(scaffold: Scaffold) -> None:
    text = nested(scaffold)
    assert scaffold.types() == {
        "id": "text", "at_zip": "text", "at_geo_lat": "fraction", "rooms": "whole",
        "garden": "boolean", "tags": "text", "sold": "timestamp", "price": "fraction",
    }  # fmt: skip
    assert scaffold.roles() == {
        "id": "key", "at_zip": "category", "at_geo_lat": "number", "rooms": "category",
        "garden": "category", "tags": "text", "sold": "time", "price": "target",
    }  # fmt: skip
    assert "at.geo.lat is at_geo_lat" in text


def test_partitions_are_found_in_the_folders(scaffold: Scaffold) -> None:
    partitioned(scaffold)
    assert scaffold.dataset().partitions == ("year", "zone")
    assert scaffold.types() == {
        "year": "whole", "zone": "text", "day": "date", "tonnes": "fraction", "kind": "text",
    }  # fmt: skip
    # The folders come first, and the newest year is as good a test as the newest day.
    assert scaffold.roles()["year"] == "time"
    assert scaffold.roles()["zone"] == "ignored"


def test_ugly_headers_become_names_without_quotes_and_are_shown(scaffold: Scaffold) -> None:
    text = ugly(scaffold)
    assert list(scaffold.dataset().columns) == [
        "order_column", "grosse_m2", "arger_grund", "select_column", "preis", "preis_2",
        "column_123", "column_8", "gruppe", "a_b",
    ]  # fmt: skip
    assert "Order is order_column: Athena reserves the word 'order'" in text
    assert "Preis#2 is preis_2: the file has 'Preis' more than once" in text
    assert "価格 is column_8: SQL takes letters from a to z" in text
