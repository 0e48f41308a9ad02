"""The header of a query file is complete, or the file is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.query.named_queries import read, read_all

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_into_its_header_and_statement(tmp_path: Path) -> None:
    path = tmp_path / "latest.sql"
    path.write_text("-- name: latest\n-- kind: query\n-- description: The last year.\nSELECT 1")

    query = read(path)

    assert (query.name, query.kind, query.description) == ("latest", "query", "The last year.")
    assert query.statement == "SELECT 1"


def test_an_incomplete_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latest.sql"
    path.write_text("-- name: latest\nSELECT 1")

    with pytest.raises(ValueError, match=r"lacks \['description', 'kind'\]"):
        read(path)


def test_a_name_that_is_not_the_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latest.sql"
    path.write_text("-- name: newest\n-- kind: query\n-- description: x\nSELECT 1")

    with pytest.raises(ValueError, match="'newest' should be 'latest'"):
        read(path)


def test_the_table_is_put_in_quoted() -> None:
    over = {query.name: query.over("catch") for query in read_all()}

    assert {name for name, sql in over.items() if 'FROM "catch"' not in sql} == {
        name for name, sql in over.items() if "FROM mackerels_catch" in sql
    }
    assert 'FROM "catch"' in over["distinct_areas"]


def test_views_come_before_the_queries_that_read_them() -> None:
    kinds = [query.kind for query in read_all()]

    assert kinds == sorted(kinds, reverse=True)
    assert {"view", "query"} == set(kinds)
