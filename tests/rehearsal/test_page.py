"""Promises of the page: figures are rounded, charts suit the answer, text is no markup."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.answer import Answer
from rehearsal.reporting.page.chart import chart_of
from rehearsal.reporting.page.drawing import drawings_of
from rehearsal.reporting.page.page import _environment
from rehearsal.reporting.page.scale import scale_of, short
from rehearsal.reporting.words import cell, size


def answer(columns: str, *rows: list[Any]) -> Answer:
    return Answer(
        execution_id="1",
        output_location="",
        bytes_scanned=0,
        milliseconds=0,
        columns=columns.split(),
        rows=list(rows),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(2001, "2001"), (12345, "12,345"), (0.1 + 0.2, "0.3"), (1234.5678, "1,235"), (None, "—")],
)
def test_a_value_is_shown_as_a_person_reads_it(value: Any, text: str) -> None:
    assert cell(value) == text


def test_bytes_have_a_unit_that_suits_them() -> None:
    assert [size(212), size(333_400), size(508_000_000)] == ["212 B", "333 kB", "508 MB"]


def test_what_has_a_year_is_a_line_along_it() -> None:
    given = answer("year value", [2001, 1.0], [2002, 2.0], [2003, 3.0])
    (drawing,) = drawings_of(given, name="any", time="year", visuals=())
    assert (drawing.kind, drawing.category, drawing.value) == ("line", "year", "value")


def test_what_has_names_is_bars_the_longest_first() -> None:
    given = answer("town value", ["Suva", 1.0], ["Nadi", 2.0])
    (drawing,) = drawings_of(given, name="any", time=None, visuals=())
    chart = chart_of(given, drawing)
    assert chart is not None
    assert [name.text for name in chart.names] == ["Nadi", "Suva"]
    assert chart.bars[0].width == 2 * chart.bars[1].width


@pytest.mark.parametrize("given", [answer("town", ["Suva"], ["Nadi"]), answer("year value")])
def test_what_has_no_number_or_no_row_is_not_drawn(given: Answer) -> None:
    assert drawings_of(given, name="any", time="year", visuals=()) == []


def test_an_axis_has_steps_that_people_count_in() -> None:
    ticks = scale_of([0, 22e6], start=0, end=100).ticks()
    assert [tick.label for tick in ticks] == ["0", "10 M", "20 M", "30 M"]
    assert short(1500) == "1.5 k"


def test_text_of_the_data_is_no_markup_of_the_page() -> None:
    template = _environment().from_string("{{ text }}")
    assert template.render(text="<script>") == "&lt;script&gt;"
