"""Findings keep their names, and an acknowledgement covers exactly what it was said of."""

from __future__ import annotations

import pytest

from stackverdict.findings import Finding, acknowledged
from stackverdict.model import Acknowledgement


def finding(**texts: str) -> Finding:
    base = {"rule": "tags", "source": "review", "severity": "warning", "message": "has no tag"}
    return Finding(**{**base, "stack": "App", "path": "App/Data/Resource", **texts})  # type: ignore[arg-type]  # texts only


def accepting(rule: str, path: str) -> list[Acknowledgement]:
    return [Acknowledgement(rule=rule, path=path, reason="because")]


@pytest.mark.parametrize("path", ["App", "App/Data", "App/Data/Resource"])
def test_an_acknowledgement_covers_its_construct_and_what_is_below(path: str) -> None:
    (result,) = acknowledged([finding()], accepting("Review::tags", path))
    assert (result.reason, result.acknowledged_at, result.open) == ("because", path, False)


@pytest.mark.parametrize("path", ["App/Dat", "App/Other", "Else"])
def test_an_acknowledgement_covers_nothing_beside_its_construct(path: str) -> None:
    (result,) = acknowledged([finding()], accepting("Review::tags", path))
    assert result.open


def test_an_acknowledgement_of_another_rule_does_not_count() -> None:
    (result,) = acknowledged([finding()], accepting("Review::tag", "App"))
    assert result.open


def test_an_acknowledgement_in_a_template_covers_its_own_resource_only() -> None:
    acknowledgement = Acknowledgement(
        rule="tags", path="A", reason="r", stack="App", logical_id="A"
    )
    findings = [finding(logical_id="A", path=""), finding(logical_id="B", path="")]
    assert [result.open for result in acknowledged(findings, [acknowledgement])] == [False, True]


def test_a_reason_of_the_tool_itself_is_kept() -> None:
    (result,) = acknowledged([finding(reason="told at synthesis")], accepting("tags", "App"))
    assert result.reason == "told at synthesis"


def test_a_link_to_a_finding_survives_a_change_of_its_line() -> None:
    assert finding(file="a").anchor == finding(file="b").anchor
    assert finding().anchor != finding(message="lacks the tag owner").anchor
