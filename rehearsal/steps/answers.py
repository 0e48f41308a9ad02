"""Step: Athena's answers are as their files expect them, and as DuckDB gives them on the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.checks.emptiness import likely_reason
from rehearsal.checks.expectations import examine
from rehearsal.checks.reference_answers import ReferenceAnswers, difference, reference_of
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import DeclaredQuery, Journey
    from rehearsal.reporting.report import QueryAnswer
    from rehearsal.run.runner import Say


def check_answers(journey: Journey, say: Say) -> str:
    """Hold every answer to its expectations, and to its reference where there is one.

    Raises:
        RehearsalError: answers are not as expected, or differ; with the query and what is wrong.
    """
    reports = {query.name: query for query in journey.report.queries}
    declared = {name: journey.declared[name] for name in reports if name in journey.declared}
    for name, declaration in declared.items():
        if not reports[name].rows:
            reports[name].empty_because = _reason(journey, declaration)
    met = _check_expectations(journey, declared, reports)
    compared = _compare(journey, declared, reports, say)
    if not met and not compared:
        raise RehearsalError(
            "none of the deployed queries has an expectation or a reference, so nothing is "
            "proved; write '-- expect: rows > 0' into one of them"
        )
    return "; ".join(_sentences(reports, compared=len(compared), met=met))


def _sentences(reports: dict[str, QueryAnswer], *, compared: int, met: int) -> list[str]:
    texts = []
    if compared:
        texts.append(f"{compared} answers equal DuckDB's on the files as given")
    if met:
        texts.append(f"{met} expectations are met")
    if loose := sorted(n for n, q in reports.items() if not q.checked and not q.expectation):
        texts.append(f"without a reference: {', '.join(loose)}")
    if empty := sorted(name for name, query in reports.items() if not query.rows):
        texts.append(f"empty: {', '.join(empty)}")
    return texts


def _reason(journey: Journey, declaration: DeclaredQuery) -> str:
    dataset = declaration.dataset
    return likely_reason(declaration.query.statement, dataset, journey.data(dataset.name))


def _check_expectations(
    journey: Journey, declared: dict[str, DeclaredQuery], reports: dict[str, QueryAnswer]
) -> int:
    """How many expectations are met; all of them are, or it ends here."""
    broken = []
    for name, declaration in declared.items():
        try:
            results = examine(journey.answers[name], declaration.query.expectations)
        except RehearsalError as error:
            raise RehearsalError(f"{declaration.query.path}: {error}") from None
        reports[name].expectation = results
        because = f" ({reports[name].empty_because})" if reports[name].empty_because else ""
        broken += [
            f"{name}: expected {result.expect}, but found {result.found}{because}"
            for result in results
            if not result.met
        ]
    if broken:
        raise RehearsalError("\n".join(broken))
    return sum(len(report.expectation) for report in reports.values())


def _compare(
    journey: Journey,
    declared: dict[str, DeclaredQuery],
    reports: dict[str, QueryAnswer],
    say: Say,
) -> list[str]:
    """The answers that equal their reference; all that have one do, or it ends here."""
    paths = {name: reference_of(declaration.query) for name, declaration in declared.items()}
    references = ReferenceAnswers(journey.prepared)
    compared = []
    for name, path in paths.items():
        if path is None:
            continue
        say(name)
        # A view has no order of its own.
        ordered = reports[name].kind == "query"
        rows = journey.answers[name].rows
        if disagreement := difference(rows, references.rows(path), ordered=ordered):
            raise RehearsalError(f"{name}: Athena and DuckDB differ: {disagreement}")
        reports[name].checked = True
        compared.append(name)
    return compared
