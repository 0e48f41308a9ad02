"""Promises of `make new`: what it guesses of columns, and what it says of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaffold.names import RESERVED, column_names

if TYPE_CHECKING:
    from tests.scaffold.making import Scaffold


def column(scaffold: Scaffold, values: list[object], header: str = "x") -> str:
    """One column beside a number; what is told of it."""
    rows = "".join(f"{n * 1.5},{value}\n" for n, value in enumerate(values))
    scaffold.write("a.csv", f"other,{header}\n{rows}")
    return scaffold.make()


@pytest.mark.parametrize(
    ("header", "values", "type_and_role"),
    [
        ("id", list(range(100)), ("whole", "key")),
        ("house_id", list(range(100)), ("whole", "key")),
        ("count", list(range(100)), ("whole", "number")),
        ("name", [f"n{n}" for n in range(100)], ("text", "key")),
        ("name", ["n" * 70 + str(n) for n in range(100)], ("text", "text")),
        ("note", [f"n{n % 60}" for n in range(100)], ("text", "text")),
        ("kind", [f"n{n % 9}" for n in range(100)], ("text", "category")),
        ("rooms", [n % 9 for n in range(100)], ("whole", "category")),
        ("rooms", [n % 40 for n in range(100)], ("whole", "number")),
        ("size", [n % 9 + 0.5 for n in range(100)], ("fraction", "number")),
        ("flag", ["true", "false"] * 50, ("boolean", "category")),
        ("year", [1990 + n % 9 for n in range(100)], ("whole", "time")),
        ("built_year", [1990 + n % 9 for n in range(100)], ("whole", "time")),
        ("year", [n % 30 for n in range(100)], ("whole", "number")),
        ("day", [f"2001-01-{1 + n % 9:02}" for n in range(100)], ("date", "time")),
        ("at", [f"2001-01-01 0{n % 9}:00" for n in range(100)], ("timestamp", "time")),
        ("same", ["x"] * 100, ("text", "ignored")),
        ("nothing", [""] * 100, ("text", "ignored")),
        ("owner_id", [n % 50 for n in range(100)], ("whole", "ignored")),
        ("code", [f"00{n % 9}" for n in range(100)], ("text", "category")),
        ("broken", ["NaN", *range(99)], ("text", "ignored")),
    ],
)
def test_a_column_has_the_type_and_the_role_of_its_values(
    scaffold: Scaffold, header: str, values: list[object], type_and_role: tuple[str, str]
) -> None:
    column(scaffold, values, header)
    assert (scaffold.types()[header], scaffold.roles()[header]) == type_and_role


@pytest.mark.parametrize(
    ("values", "doubt"),
    [
        ([n % 9 for n in range(100)], "x: a whole number with 9 values: taken as kinds"),
        (["NaN", *range(99)], "x: text: it has NaN, infinity or the like among its numbers"),
        (["007", *range(99)], "x: text: digits that a number would not keep"),
        (["same"] * 100, "x: ignored, as it is always 'same'"),
        ([f"n{n}" for n in range(100)], "x: taken as the key, as every row has another"),
    ],
)  # fmt: skip
def test_a_doubt_is_told_with_the_file_to_change(
    scaffold: Scaffold, values: list[object], doubt: str
) -> None:
    text = column(scaffold, values)
    assert doubt in text
    assert "(datasets/mine.toml)" in text


def test_the_table_shows_each_column_with_its_empty_values_and_an_example(
    scaffold: Scaffold,
) -> None:
    scaffold.write("a.csv", "Big Name,n\nx\x1b[31my,1\n,2\nx\x1b[31my,3\n")
    lines = scaffold.make().splitlines()
    assert lines[2].split() == ["header", "column", "type", "role", "empty", "example"]
    # What a terminal would obey is not shown as it is.
    assert lines[3].split() == ["Big", "Name", "big_name", "text", "ignored", "1", "x·[31my"]


def test_the_next_command_is_told(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x\n1\n2\n")
    text = scaffold.make()
    config = scaffold.into / "config" / "mine.toml"
    assert text.endswith(f"Next: make demo CONFIG={config} DATA={scaffold.data}\n")


def test_files_that_are_not_read_are_told(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x\n1\n2\n")
    scaffold.write("README.md", "about x")
    assert "Not read, as no CSV, JSON or Parquet:\n  README.md" in scaffold.make()


def test_a_column_of_some_files_is_declared_so(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x,y\n1,2\n")
    scaffold.write("b.csv", "x\n1.5\n")
    scaffold.make()
    columns = scaffold.dataset().columns
    assert (columns["x"].files, columns["x"].type) == ("every", "fraction")
    assert (columns["y"].files, columns["y"].type) == ("some", "whole")


def test_a_column_on_which_the_files_disagree_is_text(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x,y\n1,2\n")
    scaffold.write("b.csv", "x,y\nmany,3\n")
    assert "x: text: the files disagree (text, whole)" in scaffold.make()
    assert scaffold.types() == {"x": "text", "y": "whole"}


def test_headers_of_two_files_that_differ_in_capitals_are_one_column(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "Price\n1\n")
    scaffold.write("b.csv", "price\n2\n")
    scaffold.make()
    assert list(scaffold.dataset().columns) == ["price"]
    assert scaffold.dataset().renames == ()


def test_without_a_target_there_is_no_pipeline(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x\n1\n2\n")
    scaffold.make()
    assert scaffold.settings().pipelines == {}
    assert scaffold.dataset().target is None


@pytest.mark.parametrize("target", ["Sale Price", "sale_price"])
def test_a_target_is_named_by_its_header_or_by_its_column(scaffold: Scaffold, target: str) -> None:
    rows = "".join(f"{n % 7},{n}.5\n" for n in range(100))
    scaffold.write("a.csv", f"rooms,Sale Price\n{rows}")
    scaffold.make(target=target)
    assert scaffold.dataset().target == "sale_price"
    assert list(scaffold.settings().pipelines) == ["mine_sale_price"]


def test_few_rows_are_told_where_something_is_to_be_learned(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x,y\n1,2.5\n2,3.5\n")
    assert "2 rows have a value, and a pipeline trains on 100 at least" in scaffold.make(target="y")


@pytest.mark.slow
def test_two_thousand_columns_are_taken(scaffold: Scaffold) -> None:
    header = ",".join(f"C {n}" for n in range(2000))
    rows = "".join(",".join(str(n * row) for n in range(2000)) + "\n" for row in range(100))
    scaffold.write("a.csv", f"{header}\n{rows}")
    text = scaffold.make(target="c_7")
    assert len(scaffold.dataset().columns) == 2000
    assert "… and 1,941 more" in text


def test_one_row_is_taken(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x,y\n1,2\n")
    assert "mine: 1 file, 1 row, 2 columns" in scaffold.make()


def test_columns_without_numbers_or_kinds_have_no_view_and_no_dashboard(scaffold: Scaffold) -> None:
    scaffold.write("a.csv", "x\none\ntwo\n")
    assert "no view and no dashboard" in scaffold.make()
    assert not (scaffold.into / "dashboards").exists()


@pytest.mark.parametrize("name", ["a", "a_name_of_the_most_characters_that_it_ma"])
def test_a_long_or_short_name_makes_settings_that_load(scaffold: Scaffold, name: str) -> None:
    rows = "".join(f"{n},{n}.5\n" for n in range(100))
    scaffold.write("a.csv", f"a_column_with_a_rather_long_name,y\n{rows}")
    scaffold.make(name, target="a_column_with_a_rather_long_name")
    assert scaffold.settings(name).name.startswith("capstone-a")
    assert len(scaffold.settings(name).pipelines) == 1


@pytest.mark.parametrize("word", ["Select", "date", "current_user", "listagg", "views"])
def test_a_word_that_athena_reserves_is_no_column(word: str) -> None:
    assert column_names([[word]]) == {word: f"{word.lower()}_column"}


def test_every_made_name_is_its_own_in_a_file() -> None:
    headers = ["a b", "a-b", "A.B", "a_b_2", "a b#2", "1", "", "é", "É"]
    names = column_names([headers])
    assert len(set(names.values())) == len(headers)
    assert not RESERVED & set(names.values())
