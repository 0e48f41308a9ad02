"""Promises of the second way to answer: it sees a difference, and only a difference."""

from __future__ import annotations

from decimal import Decimal

from config import load
from config.query_file import read_queries
from rehearsal.checks.reference_answers import Row, difference, reference_of


def test_every_query_of_the_catch_has_a_reference() -> None:
    queries = read_queries(load("dev").dataset("catch"))
    assert queries
    assert [query.name for query in queries if reference_of(query) is None] == []


def test_a_sum_in_another_order_is_the_same() -> None:
    assert difference([[0.1 + 0.2]], [[0.3]], ordered=True) == ""


def test_half_a_cent_may_be_rounded_either_way() -> None:
    assert difference([[Decimal("1.23")]], [[1.24]], ordered=True) == ""


def test_two_cents_are_a_difference() -> None:
    assert difference([[Decimal("1.23")]], [[1.25]], ordered=True)


def test_a_wrong_number_is_named() -> None:
    disagreement = difference([[2001, 1.0]], [[2001, 1.001]], ordered=True)
    assert disagreement == "row 1 is [2001, 1.0] instead of [2001, 1.001]"


def test_nothing_is_not_the_same_as_something() -> None:
    assert difference([[None]], [[1.0]], ordered=True)
    assert difference([[Decimal(1)]], [[None]], ordered=True)


def test_a_missing_row_is_a_difference() -> None:
    assert difference([[1]], [[1], [2]], ordered=False) == "1 rows instead of 2"


def test_the_order_counts_only_where_it_is_promised() -> None:
    rows: list[Row] = [["a"], [None]]
    reversed_rows: list[Row] = [[None], ["a"]]
    assert difference(rows, reversed_rows, ordered=False) == ""
    assert difference(rows, reversed_rows, ordered=True)
