"""Promises of the synthetic look-alike: the same bytes each time, like the real files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config import load
from rehearsal.data.generator import generator_of
from rehearsal.data.prepare import PreparedData, prepare
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

REFERENCES = ROOT / "queries" / "catch" / "reference"


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("synthetic"))


def generate(folder: Path) -> Path:
    write_synthetic = generator_of(load("dev").dataset("catch"))
    assert write_synthetic is not None
    return write_synthetic(folder)


@pytest.fixture(scope="module")
def prepared(synthetic: Path, tmp_path_factory: pytest.TempPathFactory) -> PreparedData:
    into = tmp_path_factory.mktemp("prepared")
    return prepare(synthetic, dataset=load("dev").dataset("catch"), into=into)


def test_the_same_bytes_come_out_twice(synthetic: Path, tmp_path: Path) -> None:
    again = generate(tmp_path)
    assert {file.name: file.read_bytes() for file in synthetic.iterdir()} == {
        file.name: file.read_bytes() for file in again.iterdir()
    }


def test_there_are_the_labs_three_files_of_tens_of_thousands_of_rows(
    prepared: PreparedData,
) -> None:
    names = [file.source.name.rpartition("-")[0] for file in prepared.files]
    assert names == ["SAU-EEZ-242", "SAU-GLOBAL-1", "SAU-HighSeas-71"]
    assert 20_000 < prepared.rows < 60_000


def test_the_zone_file_bears_the_raw_names_and_two_columns_more(prepared: PreparedData) -> None:
    zone, everywhere, high_seas = prepared.files
    assert zone.renames == {"fish_name": "common_name", "country": "fishing_entity"}
    assert set(zone.columns) - set(high_seas.columns) == {"data_layer", "uncertainty_score"}
    assert len(everywhere.columns) == 9


def test_every_reference_query_has_rows(prepared: PreparedData) -> None:
    counts = {file.stem: len(answers(prepared, file)) for file in REFERENCES.glob("*.sql")}
    assert all(counts.values()), counts
    assert counts["distinct_areas"] == 3


def test_six_entities_are_fewer_than_caught_mackerels(prepared: PreparedData) -> None:
    six = {row[2] for row in answers(prepared, REFERENCES / "mackerels_top_six.sql")}
    everybody = {row[2] for row in answers(prepared, REFERENCES / "mackerels_catch.sql")}
    assert len(six) == 6 < len(everybody)


def test_columns_and_types_are_those_of_the_real_files(
    prepared: PreparedData, real_data: Path, tmp_path: Path
) -> None:
    real = prepare(real_data, dataset=load("dev").dataset("catch"), into=tmp_path)
    look_alikes = {file.source.name[:8]: file for file in prepared.files}
    assert real.files
    for file in real.files:
        look_alike = look_alikes[file.source.name[:8]]
        assert look_alike.columns == file.columns
        assert _kinds(look_alike.parquet) == _kinds(file.parquet)


def test_value_follows_from_more_than_weight_and_species(prepared: PreparedData) -> None:
    # Else a model could not beat the naive baseline, and the rehearsal would prove nothing.
    prices = []
    for use in ("Direct human consumption", "Discards"):
        rows = pq.read_table(
            prepared.files[0].parquet,
            filters=[("common_name", "=", "Albacore"), ("end_use_type", "=", use)],
        ).to_pydict()
        prices.append(sum(rows["landed_value"]) / sum(rows["tonnes"]))
    assert prices[0] > 2 * prices[1]


def answers(prepared: PreparedData, reference: Path) -> list[Any]:
    """The rows of a reference on the prepared files."""
    files = [str(file.parquet) for file in prepared.files]
    with duckdb.connect() as connection:
        connection.read_parquet(files, union_by_name=True).create_view("catch_files")
        return connection.execute(reference.read_text()).fetchall()


def _kinds(file: Path) -> list[str]:
    schema = pq.read_schema(file)
    return [
        "text" if pa.types.is_string(kind) or pa.types.is_large_string(kind) else str(kind)
        for kind in schema.types
    ]
