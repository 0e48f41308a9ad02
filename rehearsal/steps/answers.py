"""Step: Athena's answers are those of DuckDB on the files, and agree among themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rehearsal.checks.reference_answers import ReferenceAnswers, difference, has_reference
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

ZONE, OPEN_SEAS = "value_eez_catch", "value_open_seas_catch"
BOTH = "value_eez_and_open_seas_catch"
CENTS = Decimal("0.02")
"""Three sums, each rounded to a cent."""


def check_answers(journey: Journey, say: Say) -> str:
    """Compare every answer that has a reference, then the lab's own sum.

    Raises:
        RehearsalError: answers differ; with the query and the first row that does.
    """
    reference = ReferenceAnswers(journey.data.files)
    checked = [name for name in journey.answers if has_reference(name)]
    if not checked:
        raise RehearsalError("none of the deployed queries has a reference to check it against")
    reported = {query.name: query for query in journey.report.queries}
    for name in checked:
        say(name)
        # A view has no order of its own.
        ordered = reported[name].kind == "query"
        disagreement = difference(journey.answers[name], reference.rows(name), ordered=ordered)
        if disagreement:
            raise RehearsalError(f"{name}: Athena and DuckDB differ: {disagreement}")
        reported[name].checked = True
    text = f"{len(checked)} answers equal DuckDB's on the files as given"
    unchecked = sorted(journey.answers.keys() - set(checked))
    if unchecked:
        text += f"; without a reference: {', '.join(unchecked)}"
    if {ZONE, OPEN_SEAS, BOTH} <= journey.answers.keys():
        text += f"; zone + open seas = both, in {_check_sum(journey)} years"
    return text


def _check_sum(journey: Journey) -> int:
    zone, open_seas, both = (
        {year: value for year, _, value in journey.answers[name]}
        for name in (ZONE, OPEN_SEAS, BOTH)
    )
    wrong = [
        year
        for year in sorted(zone.keys() | open_seas.keys() | both.keys())
        if abs(zone.get(year, 0) + open_seas.get(year, 0) - both.get(year, 0)) > CENTS
    ]
    if wrong:
        raise RehearsalError(f"{BOTH} is not the sum of {ZONE} and {OPEN_SEAS} in {wrong}")
    return len(both)
