"""The gate opens and shuts by its thresholds, and refuses a file it does not understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stackverdict.cli import main
from stackverdict.engines.result import Result
from stackverdict.errors import InputError
from stackverdict.findings import Finding
from stackverdict.gate import Gate, breaches, graded, load_gate

if TYPE_CHECKING:
    from pathlib import Path


def found(severity: str, reason: str = "") -> Finding:
    return Finding(rule="r", source="review", severity=severity, message="m", reason=reason)


def broken(gate: Gate, *findings: Finding, dollars: float = 0.0) -> list[str]:
    ran = [Result(engine="cfn-lint", missing="it is not installed")]
    return breaches(findings, gate=gate, idle_dollars=dollars, engines=ran)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_open_error_shuts_the_gate() -> None:
    assert broken(Gate(), found("error")) == ["1 open error; 0 allowed"]


def test_an_accepted_error_does_not_shut_the_gate() -> None:
    assert broken(Gate(), found("error", "known")) == []


def test_warnings_up_to_the_limit_pass() -> None:
    assert broken(Gate(max_warnings=1), found("warning")) == []
    assert broken(Gate(max_warnings=0), found("warning")) == ["1 open warning; 0 allowed"]


def test_an_idle_cost_above_the_limit_shuts_the_gate() -> None:
    assert broken(Gate(max_idle_dollars=5.0), dollars=5.0) == []
    assert broken(Gate(max_idle_dollars=5.0), dollars=5.01) == [
        "$5.01 a month while idle; $5.00 allowed"
    ]


def test_an_engine_that_has_to_run_and_did_not_shuts_the_gate() -> None:
    broken_words = broken(Gate(engines=("cfn-lint",)))
    assert broken_words == ["cfn-lint has to run and did not: it is not installed"]


def test_an_engine_that_nobody_knows_shuts_the_gate() -> None:
    broken_words = broken(Gate(engines=("cfn-lnit",)))
    assert broken_words == ["cfn-lnit has to run and did not: there is no such engine"]


def test_a_severity_can_be_set_by_rule_and_off_leaves_it_out() -> None:
    granular = Finding(rule="IAM5[Action::x]", source="nag", severity="error", message="m")
    gate = Gate(severity={"IAM5": "info", "r": "off"})
    assert [finding.severity for finding in graded([granular, found("error")], gate)] == ["info"]


def test_every_threshold_is_read(tmp_path: Path) -> None:
    text = """
[gate]
max_errors = 1
max_warnings = 10
max_idle_dollars = 25.5
engines = ["cfn-lint"]
regions = ["us-east-1", "eu-west-3"]
[options]
required_tags = ["owner"]
[severity]
W3005 = "info"
"""
    assert load_gate(written(tmp_path, text)) == Gate(
        max_errors=1,
        max_warnings=10,
        max_idle_dollars=25.5,
        engines=("cfn-lint",),
        regions=("us-east-1", "eu-west-3"),
        options={"required_tags": ["owner"]},
        severity={"W3005": "info"},
    )


def test_an_acknowledgement_in_the_file_is_read(tmp_path: Path) -> None:
    text = '[[acknowledge]]\nrule = "budget"\npath = "*"\nreason = "a sandbox has one of its own"'
    (acknowledgement,) = load_gate(written(tmp_path, text)).acknowledgements
    assert (acknowledgement.rule, acknowledgement.path) == ("budget", "*")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[gate]\nmax_error = 1", "gate.max_error"),
        ("[gates]\nmax_errors = 1", "gates"),
        ("[gate]\nmax_errors = true", "gate.max_errors"),
        ('[severity]\nr = "loud"', "severity.r"),
        ('[[acknowledge]]\nrule = "r"\npath = "p"', "acknowledge[0]"),
        ("[[acknowledge]]\nrule = 1\npath = 2\nreason = 3", "acknowledge[0]"),
        ("acknowledge = [1]", "acknowledge[0]"),
        ("acknowledge = 1", "acknowledge"),
        ("severity = 1", "severity"),
        ("[severity]\nr = [1]", "severity.r"),
        ("[gate]\nengines = 1", "gate.engines"),
        ('[gate]\nregions = "us-east-1"', "gate.regions"),
        ("[options]\nrequired_tags = [1]", "options.required_tags"),
    ],
)
def test_a_key_that_is_not_known_is_refused_with_its_place(
    tmp_path: Path, text: str, place: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_gate(written(tmp_path, text))
    assert caught.value.place == place


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1"):
        load_gate(written(tmp_path, "max_errors: 0"))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gates.toml").write_bytes(b"\xff")
    with pytest.raises(InputError, match="is not UTF-8"):
        load_gate(tmp_path / "gates.toml")


@pytest.mark.parametrize("value", ["a\0b", "x" * 5000])
@pytest.mark.parametrize("option", ["--out={}", "--base={}", "--config={}", "{}"])
def test_a_path_that_no_file_could_have_is_refused(
    capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--title", "t", option.format(value)])
    assert ended.value.code == 2
    assert "error: argument" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["--help", "-n", "a\nb", "$(x)", "*"])
def test_a_name_is_plain_text(capsys: pytest.CaptureFixture[str], value: str) -> None:
    assert main(["gate", "--", value]) == 2
    assert f"stackverdict: {value}: is not there" in capsys.readouterr().err
